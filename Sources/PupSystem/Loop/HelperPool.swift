internal import Synchronization

/// Short pieces of work that may have to wait for a file system, on threads that exist while there is work: a hanging disk blocks
/// one of them, but neither a loop nor the other pieces.
package final class HelperPool: Sendable {
  /// If this many hang, the next piece waits for one of them.
  private static let mostThreads = 64
  private static let mostWaiting = 4096

  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var threads = 0
  }

  private let state = Mutex(State())

  package init() {}

  /// From any thread; never waits.
  /// - Returns: false if no more work is accepted; then this piece is not done.
  package func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, needsThread) = state.withLock { state in
      guard state.waiting.count < Self.mostWaiting else { return (false, false) }
      state.waiting.append(work)
      guard state.threads < Self.mostThreads else { return (true, false) }
      state.threads += 1
      return (true, true)
    }
    guard needsThread, !HelperThread.run({ [self] in serve() }) else { return isTaken }
    // No thread can be created now. If others are working, they will get to this piece as well.
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
