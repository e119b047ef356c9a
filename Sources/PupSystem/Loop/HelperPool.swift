internal import Glibc
internal import Synchronization

/// Short pieces of work that may have to wait for a file system, on threads that exist while there is work: a hanging disk blocks
/// one of them, but neither a loop nor the other pieces.
package final class HelperPool: Sendable {
  /// This many start at once.
  private static let promptThreads = 2
  /// Any other starts only when work has waited this long: short pieces are done by then, and a thread costs more than one of
  /// them.
  private static let delayMilliseconds: Int32 = 5
  /// If this many hang, the next piece waits for one of them.
  private static let mostThreads = 64
  private static let mostWaiting = 4096

  private enum Start {
    case none, prompt, delayed
  }

  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var threads = 0
    /// Whether a thread is about to come to work that has waited.
    var isDelayedComing = false

    /// The thread that the work that waits needs, counted as started.
    mutating func start() -> Start {
      guard !waiting.isEmpty, threads < mostThreads else { return .none }
      if threads < promptThreads {
        threads += 1
        return .prompt
      }
      guard !isDelayedComing else { return .none }
      threads += 1
      isDelayedComing = true
      return .delayed
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// From any thread; never waits.
  /// - Returns: false if no more work is accepted; then this piece is not done.
  package func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    let (isTaken, start) = state.withLock { state -> (Bool, Start) in
      guard state.waiting.count < Self.mostWaiting else { return (false, .none) }
      state.waiting.append(work)
      return (true, state.start())
    }
    guard !begin(start) else { return isTaken }
    // No thread can be created now. If others are working, they will get to this piece as well.
    return state.withLock { state in
      guard state.threads == 0 else { return true }
      state.waiting.removeAll()
      return false
    }
  }

  /// - Returns: false when there can be no more threads.
  private func begin(_ start: Start) -> Bool {
    switch start {
    case .none:
      return true
    case .prompt:
      if HelperThread.run({ [self] in serve() }) { return true }
    case .delayed:
      let isStarted = HelperThread.run { [self] in
        poll(nil, 0, Self.delayMilliseconds)
        state.withLock { $0.isDelayedComing = false }
        serve()
      }
      if isStarted { return true }
    }
    state.withLock { state in
      state.threads -= 1
      if start == .delayed { state.isDelayedComing = false }
    }
    return false
  }

  private func serve() {
    while let (work, start) = next() {
      // Where there can be no other thread, this one comes to the rest.
      _ = begin(start)
      work()
    }
  }

  private func next() -> (@Sendable () -> Void, Start)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.threads -= 1
        return nil
      }
      let work = state.waiting.removeFirst()
      return (work, state.start())
    }
  }
}
