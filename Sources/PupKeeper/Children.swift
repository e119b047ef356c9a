internal import CLinux
internal import Glibc
internal import PupSystem

/// The children of this process: whose each of them is, and that all others are reaped. Orphans come up to the keeper, which is
/// the subreaper of everything.
final class Children {
  /// Stands in `inherited` for good once there was one: what those have started arrives here when they are gone.
  static let everInherited: Int32 = 0

  /// Leaders and pup-inits of runs.
  private(set) var ofRuns: Set<Int32> = []
  /// This keeper's own that are ending, and are nobody's any more.
  private(set) var dismissed: Set<Int32> = []
  /// Those that were there before: of the shell that became `pup run`, say.
  private(set) var inherited: Set<Int32> = []
  /// When the list of children is gone through (CLOCK_MONOTONIC ns).
  private(set) var deadline: Int64?
  /// Whether a child is one that others wait for: a brain, or a program that is being checked.
  var isServant: (Int32) -> Bool = { _ in false }

  // MARK: Whose they are

  func isOurs(_ pid: Int32) -> Bool { ofRuns.contains(pid) || isServant(pid) }

  /// Whether it came up to this keeper from a run, as far as is known here.
  func mayBeStray(_ pid: Int32) -> Bool { !isOurs(pid) && !dismissed.contains(pid) && !inherited.contains(pid) }

  func addToRuns(_ pid: Int32) { ofRuns.insert(pid) }

  /// - Returns: whether it was one.
  @discardableResult
  func removeFromRuns(_ pid: Int32) -> Bool { ofRuns.remove(pid) != nil }

  func dismiss(_ pid: Int32) { dismissed.insert(pid) }

  /// Those that are there before this keeper has started anything.
  func inherit(_ pids: [Int32]) {
    inherited = Set(pids)
    if !inherited.isEmpty { inherited.insert(Self.everInherited) }
  }

  /// After an exec: those that were nobody's for the keeper before it.
  func resume(inherited pids: Set<Int32>) { inherited.formUnion(pids) }

  /// Forgets those that are gone. A number that is nobody's now may be a stray's soon.
  func keepOnly(_ children: [Int32]) {
    dismissed.formIntersection(children)
    inherited.formIntersection(children + [Self.everInherited])
  }

  // MARK: Reaping

  func lookSoon() { deadline = deadline ?? Clock.monotonic + Clock.second / 2 }

  func lookNow() { deadline = Clock.monotonic }

  /// Reaps what is nobody's run. A zombie that is kept on purpose stands in the way of "any child" from then on; those turns read
  /// the list of children instead, at most twice a second.
  /// - Returns: whether there was one.
  func reapStrangers() -> Bool {
    var hasReaped = false
    var status = pup_child_status()
    while pup_wait_any(true, &status) > 0 {
      guard !isOurs(status.pid) else {
        lookSoon()
        break
      }
      if reap(status.pid) { hasReaped = true }
    }
    return hasReaped
  }

  /// The same by the list of children, once its time has come.
  func tick(_ now: Int64) -> Bool {
    guard let deadline, deadline <= now else { return false }
    self.deadline = nil
    var hasReaped = false
    for pid in ProcFiles.children(of: getpid()) ?? [] where !isOurs(pid) && reap(pid) { hasReaped = true }
    return hasReaped
  }

  private func reap(_ pid: Int32) -> Bool {
    var status = pup_child_status()
    guard pup_wait_pid(pid, false, &status) > 0 else { return false }
    dismissed.remove(pid)
    inherited.remove(pid)
    return true
  }
}
