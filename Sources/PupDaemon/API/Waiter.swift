internal import PupAPI
internal import PupCore
internal import PupSystem

/// A client that waits for the end of what it has asked for (`?wait=`).
struct Waiter {
  let action: ProcessAction
  /// Not there yet.
  var open: Set<ProcessID>
  /// Of these the new run has been asked for: an end from now on is that of the new run.
  var starting: Set<ProcessID> = []
  /// Why some did not get there.
  var failures: [String] = []
  var timer: Timer?
  let answer: @Sendable (Result<ActionResult, PupError>) -> Void

  init(_ action: ProcessAction, _ answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    self.action = action
    self.answer = answer
    open = []
  }

  /// What a process's new state means for this wait.
  mutating func note(_ status: ProcessStatus, _ state: ProcessState) {
    let (id, explanation) = (status.id, status.explanation)
    guard open.contains(id) else { return }
    switch (action, state) {
    case (.stop, .created), (.stop, .finished), (.stop, .errored), (.stop, .exhausted): open.remove(id)
    case (.start, .starting), (.restart, .starting): starting.insert(id)
    case (.start, .running), (.restart, .running): open.remove(id)
    case (.start, .finished), (.restart, .finished):
      guard starting.contains(id) else { return }
      open.remove(id)
      // Stopped by somebody before it ran; else it was shorter than this brain could look.
      if status.heldByOperator { failures.append("\(id): \(explanation)") }
    case (.start, .errored), (.start, .exhausted), (.restart, .errored), (.restart, .exhausted):
      guard starting.contains(id) else { return }
      open.remove(id)
      failures.append("\(id): \(explanation)")
    case (.block, _), (.unblock, _), (_, _): break
    }
  }

  var result: Result<ActionResult, PupError> {
    guard failures.isEmpty else { return .failure(PupError(.refused, failures.joined(separator: "; "))) }
    return .success(ActionResult(.done))
  }
}
