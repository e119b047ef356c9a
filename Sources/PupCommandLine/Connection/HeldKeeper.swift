internal import PupSystem
internal import Synchronization

/// A keeper that somebody has stopped carries nothing out, and the supervisor cannot know when it will. Whoever waits is told,
/// once.
enum HeldKeeper {
  private static let isTold = Atomic(false)

  static func tell(_ keeper: Int32) {
    guard let sentence = ProcessHold.ofKeeper(keeper), !isTold.exchange(true, ordering: .relaxed) else { return }
    Terminal.complain("pup: \(sentence)")
  }
}
