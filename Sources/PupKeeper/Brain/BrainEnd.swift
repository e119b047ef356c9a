internal import Glibc
internal import PupSystem

/// What the end of a brain that was not told to end says about the next one.
enum BrainEnd: Equatable {
  /// Another brain of the same build would fare no better, because of this.
  case refusal(String)
  /// It says nothing about the brain's code.
  case notStarted(StartFailure)
  /// As it was asked to.
  case madeWay
  /// One that did its work until somebody killed it says nothing about the next one.
  case killed(String)
  case fault(String)

  /// Takes what the brain has left about its start.
  init(of brain: Brain, _ end: ChildEnd) {
    if let refusal = Self.refusal(of: brain, end) {
      self = .refusal(refusal)
    } else if let failure = brain.takeStartFailure() {
      self = .notStarted(failure)
    } else if brain.readyAt == nil, end == .exited(BrainMessage.shortageExitCode) {
      self = .notStarted(StartFailure("its own start", errno: EAGAIN))
    } else if brain.abortedAt == nil, brain.yieldingSince != nil, end == .exited(0) {
      self = .madeWay
    } else {
      let words = brain.lastWords ?? "\(end)"
      let wasKilled = brain.abortedAt == nil && brain.readyAt != nil && end == .signaled(SIGKILL)
      self = wasKilled ? .killed(words) : .fault(words)
    }
  }

  /// Why another one of the same build would fare no better; nil where nothing says so.
  var refusal: String? { if case .refusal(let reason) = self { reason } else { nil } }

  private static func refusal(of brain: Brain, _ end: ChildEnd) -> String? {
    if let refusal = brain.refusal { return refusal }
    guard brain.readyAt == nil, end == .exited(BrainMessage.refusalExitCode) else { return nil }
    return brain.lastWords ?? "it must not guess at what this instance has left (\(end))"
  }
}
