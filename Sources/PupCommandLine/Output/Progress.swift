internal import Synchronization

/// What a command still waits for, on one line of the terminal that is overwritten; nothing elsewhere.
final class Progress: Sendable {
  private struct State {
    var title = ""
    var waiting: [String] = []
    var seconds = 0
    var isOnScreen = false
  }

  private let isShown: Bool
  private let state = Mutex(State())

  init(isShown: Bool) { self.isShown = isShown }

  func begin(_ names: [String], _ title: String) {
    state.withLock {
      $0.title = title
      $0.waiting = names
    }
  }

  func finished(_ name: String) {
    state.withLock { $0.waiting.removeAll { $0 == name } }
  }

  /// Called once a second.
  func show() {
    guard isShown else { return }
    let line = state.withLock { state -> String in
      state.seconds += 1
      state.isOnScreen = true
      let names = state.waiting.prefix(3).joined(separator: ", ")
      let more = state.waiting.count > 3 ? " and \(state.waiting.count - 3) more" : ""
      return "\(state.title) waiting for \(names)\(more) (\(Measures.duration(seconds: Int64(state.seconds))))"
    }
    Terminal.complainInPlace(line.prefix((Terminal.width ?? 80) - 1) + "")
  }

  /// Takes the line away.
  func end() {
    let wasOnScreen = state.withLock { state in
      defer { state.isOnScreen = false }
      return state.isOnScreen
    }
    if wasOnScreen { Terminal.complainInPlace("") }
  }
}
