internal import Synchronization

/// Short pieces of work that may have to wait for a file system, on threads that are there while there is work: a disk that hangs
/// keeps one of them, and neither a loop nor the other pieces.
package final class HelperPool: Sendable {
  /// With as many hanging, the next piece waits for one of them.
  private static let mostThreads = 64
  private static let mostWaiting = 4096

  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var threads = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// From any thread; never waits.
  /// - Returns: false where no more work is taken; this piece is not done then.
  package func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, needsThread) = state.withLock { state in
      guard state.waiting.count < Self.mostWaiting else { return (false, false) }
      state.waiting.append(work)
      guard state.threads < Self.mostThreads else { return (true, false) }
      state.threads += 1
      return (true, true)
    }
    guard needsThread, !HelperThread.run({ [self] in serve() }) else { return isTaken }
    // There can be no more threads now. Where others are at work, they come to this piece as well.
    return state.withLock { state in
      state.threads -= 1
      guard state.threads == 0 else { return true }
      state.waiting.removeAll()
      return false
    }
  }

  private func serve() {
    while let work = next() { work() }
  }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.threads -= 1
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
