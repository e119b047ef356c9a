internal import PupAPI

/// What came of an action on one process.
struct ActionOutcome: Sendable {
  enum Kind: Hashable, Sendable {
    case result(ActionResult.Outcome)
    case failed(PupErrorCode)
  }

  var id: String
  var action: ProcessAction
  var kind: Kind
  /// The server's words, where it had some.
  var message: String?
  /// After the action; nil where it could not be asked for.
  var state: ProcessInformation?
  /// How long was waited.
  var seconds: Int?

  var exitCode: Int32 {
    switch kind {
    case .result(.pending): CommandFailure.stillPending
    case .result(.done) where hasFailedSince: CommandFailure.notDone
    case .result: 0
    case .failed(let code): CommandFailure.code(of: code)
    }
  }

  /// "web: started (pid 4711)"
  var line: String {
    let text =
      switch kind {
      case .result(.accepted): "\(action.rawValue) accepted\(added)"
      case .result(.unchanged): message ?? "nothing to do\(place)"
      case .result(.done): "\(action.participle)\(end ?? place)\(added)"
      case .result(.pending): "\(action.rawValue) not done after \(seconds ?? 0) s; it continues\(added)"
      case .failed(.cancelled): "no longer waited for; the \(action.rawValue) continues"
      case .failed: message ?? "\(action.rawValue) failed"
      }
    // The server names the process as well, where several could be meant.
    let own = text.hasPrefix("\(id): ") ? String(text.dropFirst(id.count + 2)) : text
    return "\(id): \(own.visibleLine)"
  }

  private var added: String { message.map { ": \($0)" } ?? "" }

  private var starts: Bool { action == .start || action == .restart }

  /// It was started, and that run is over already, by an error.
  private var hasFailedSince: Bool {
    starts && (state?.status == .errored || state?.status == .exhausted)
  }

  /// ", but ended: exit code 3": of a run that is over already; nil for one that is not.
  private var end: String? {
    guard starts, let state, hasFailedSince || state.status == .finished else { return nil }
    let how = state.signal ?? state.code.map { "exit code \($0)" }
    return "\(hasFailedSince ? ", but" : ", and has") ended\(how.map { ": \($0)" } ?? "")"
      + (state.pendingRestartReason == nil ? "" : "; it is started again")
  }

  /// " (pid 4711)", or the state that it is in.
  private var place: String {
    guard let state else { return "" }
    if let pid = state.pid, state.status == .running { return " (pid \(pid))" }
    let isExpected = (action == .stop || action == .block) && state.status == .finished
    return isExpected || action == .unblock ? "" : " (\(state.status.word))"
  }
}

extension ActionOutcome: JSONEncodable {
  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("action", action.rawValue)
      switch kind {
      case .result(let outcome): $0.member("outcome", outcome.rawValue)
      case .failed(let code):
        $0.member("outcome", "failed")
        $0.member("code", code.rawValue)
      }
      $0.member("message", ifPresent: message)
      $0.member("status", ifPresent: state)
    }
  }
}
