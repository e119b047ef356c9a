internal import CLinux
internal import Glibc
internal import Synchronization

/// Shows other threads whether a loop makes progress, at the cost of one plain store per handler, timer or job.
final class LoopPulse: Sendable {
  /// Even while the loop waits for events; each odd value is one handler, timer or job.
  private let count = Atomic<UInt64>(0)
  private let threadNumber = Atomic<Int32>(0)

  var value: UInt64 { count.load(ordering: .relaxed) }

  /// Call once, on the loop's thread.
  func begin() { threadNumber.store(pup_thread_number(), ordering: .relaxed) }

  /// Call on the loop's thread before each piece of work. There is only one writer, so a load and a store are enough.
  func work() { count.store((value | 1) &+ 2, ordering: .relaxed) }

  /// Call on the loop's thread before it waits.
  func rest() { count.store((value | 1) &+ 1, ordering: .relaxed) }

  /// Whether the thread is in uninterruptible sleep, usually waiting for a disk. The process could not even exit then.
  var isWaitingForDisk: Bool {
    guard let stat = ProcFiles.stat(ofThread: threadNumber.load(ordering: .relaxed)) else { return false }
    return stat.state == UInt8(ascii: "D")
  }
}
