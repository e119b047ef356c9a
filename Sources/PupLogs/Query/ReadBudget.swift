internal import PupSystem

/// What the answer to one query may cost. Belongs to the thread that reads.
package final class ReadBudget {
  /// Bytes of the lines that are kept.
  let bytes: Int
  private let deadline: Int64
  private let isWanted: () -> Bool
  /// Reading stopped early; remains true.
  private(set) var isOver = false

  /// - Parameters:
  ///   - deadline: CLOCK_MONOTONIC, in nanoseconds.
  ///   - bytes: of the lines found; the last piece of a line may exceed it.
  ///   - isWanted: whether anyone still waits for the answer; asked before each block is read.
  package init(deadline: Int64 = .max, bytes: Int = .max, isWanted: @escaping () -> Bool = { true }) {
    self.deadline = deadline
    self.bytes = bytes
    self.isWanted = isWanted
  }

  /// Whether one more block may be read: at most a few hundred kilobytes, so that reading never ends long after the deadline.
  func allowsBlock() -> Bool {
    if !isOver, Clock.monotonic >= deadline || !isWanted() { isOver = true }
    return !isOver
  }
}
