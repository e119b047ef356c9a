internal import PupSystem

/// What the answer to one query may cost. Belongs to the thread that reads.
package final class ReadBudget {
  /// Bytes of the lines that are kept.
  let bytes: Int
  private let deadline: Int64
  private let isWanted: () -> Bool
  /// Reading ended before its end; stays so.
  private(set) var isOver = false

  /// - Parameters:
  ///   - deadline: CLOCK_MONOTONIC, in nanoseconds.
  ///   - bytes: of the lines that are found; may be exceeded by the last piece of one.
  ///   - isWanted: whether somebody still waits for the answer; asked before each block that is read.
  package init(deadline: Int64 = .max, bytes: Int = .max, isWanted: @escaping () -> Bool = { true }) {
    self.deadline = deadline
    self.bytes = bytes
    self.isWanted = isWanted
  }

  /// Whether one more block may be read: at most some hundred kilobytes, so that the end is never far from the deadline.
  func allowsBlock() -> Bool {
    if !isOver, Clock.monotonic >= deadline || !isWanted() { isOver = true }
    return !isOver
  }
}
