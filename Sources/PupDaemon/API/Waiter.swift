internal import PupAPI
internal import PupCore
internal import PupSystem

/// A client that waits for the end of what it has asked for (`?wait=`).
struct Waiter {
  /// What has not been decided yet.
  private(set) var open: [ProcessID: Awaited] = [:]
  /// Why some will not get there.
  private var failures: [String] = []
  var timer: Timer?
  let answer: @Sendable (Result<ActionResult, PupError>) -> Void

  init(_ awaited: [ProcessID: Awaited], _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    open = awaited
    self.answer = answer
  }

  /// After each change of a process. `outlook` is nil for one that is no more.
  mutating func note(_ id: ProcessID, _ outlook: Outlook?) {
    guard let awaited = open[id] else { return }
    switch awaited.verdict(on: outlook) {
    case .open: break
    case .met: open[id] = nil
    case .failed(let why):
      open[id] = nil
      failures.append("\(id): \(why.words)")
    }
  }

  /// Something may be left of what is to end.
  mutating func noteLeftover(_ text: String) {
    let awaitsAnEnd = open.values.contains { if case .over = $0 { true } else { false } }
    if awaitsAnEnd { failures.append(text) }
  }

  var result: Result<ActionResult, PupError> {
    guard failures.isEmpty else { return .failure(PupError(.refused, failures.joined(separator: "; "))) }
    return .success(ActionResult(.done))
  }
}
