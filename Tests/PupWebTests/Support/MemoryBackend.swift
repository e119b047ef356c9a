import PupAPI
import PupWeb
import Synchronization

/// A small instance that lives in memory: two processes, some lines, everything that was asked of it.
final class MemoryBackend: ProcessBackend, HistoryBackend, LogBackend, MessageBackend, TokenBackend, SupervisorBackend, AccessLog
{
  struct Content {
    var entries: [ProcessEntry] = []
    var lines: [LogItem] = []
    var telemetry: [ProcessTelemetry] = []
    var messages: [IPCMessage] = []
    var submissions: [LogSubmission] = []
    var actions: [String] = []
    var access: [AccessRecord] = []
    var revoked: [TokenRevocation] = []
    var isReady = true
    var queries: [APILogQuery] = []
    var terminatedBy: String?
    /// Answers to `perform` and `logs` wait.
    var isHolding = false
    var heldQueries: [(client: ClientPresence, answer: @Sendable (Result<APILogPage, PupError>) -> Void)] = []
    /// Of log queries.
    var limit: APILogPage.Limit?
    var held: [@Sendable (Result<ActionResult, PupError>) -> Void] = []
  }

  let content: Mutex<Content>

  init() {
    let now = ISODate(microseconds: 1_795_248_930_123_456)
    var web = ProcessInformation(id: "Web", status: .running, updated: now)
    web.pid = 17
    let blocked = ProcessInformation(id: "blocked", status: .finished, updated: now)
    var content = Content()
    content.entries = [web, blocked].map { ProcessEntry(status: $0, config: JSONObject([("id", .string($0.id))])) }
    content.lines = (1...300).map {
      LogItem(severity: .log, category: "stdout", text: "line \($0)", processId: "Web", timeStamp: Int64($0))
    }
    self.content = Mutex(content)
  }

  func list(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void) { answer(content.withLock { $0.entries }) }

  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    let now = ISODate(milliseconds: 0)
    answer(ApplicationState(pid: 1, version: "test", started: now, updated: now))
  }

  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    let isHeld = content.withLock { content in
      content.actions.append("\(action.rawValue) \(target) \(consumer) \(wait.map(String.init) ?? "-")")
      if content.isHolding { content.held.append(answer) }
      return content.isHolding
    }
    if isHeld { return }
    switch target {
    case .process("blocked") where action == .start: answer(.failure(PupError(.refused, "blocked: unblock it first")))
    case .process(let id) where !["web", "blocked"].contains(id.lowercased()):
      answer(.failure(PupError(.unknownProcess, "no process has the id \"\(id)\"")))
    default: answer(.success(ActionResult(.accepted)))
    }
  }

  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void) {
    content.withLock { $0.telemetry.append(telemetry) }
    answer(nil)
  }

  func send(_ message: IPCMessage) { content.withLock { $0.messages.append(message) } }
  func write(_ submission: LogSubmission) { content.withLock { $0.submissions.append(submission) } }

  func query(
    _ query: APILogQuery, for client: ClientPresence, answer: @escaping @Sendable (Result<APILogPage, PupError>) -> Void
  ) {
    content.withLock { $0.queries.append(query) }
    let page = content.withLock { content -> APILogPage? in
      if content.isHolding { content.heldQueries.append((client, answer)) }
      return content.isHolding
        ? nil : APILogPage(lines: content.lines.suffix(query.count), limit: content.limit, nextEnd: content.limit.map { _ in 17 })
    }
    if let page { answer(.success(page)) }
  }

  func history(of id: String, count: Int, answer: @escaping @Sendable (Result<[HistoryEntry], PupError>) -> Void) {
    guard id.lowercased() == "web" else { return answer(.failure(PupError(.unknownProcess, "no process has the id \"\(id)\""))) }
    answer(
      .success([
        HistoryEntry(
          time: ISODate(milliseconds: 0), processId: "Web", old: nil, new: .created, actor: "the configuration", cause: "read")
      ]))
  }

  func create(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void) {
    answer(
      .success(TokenCreated(token: "t", id: "1", consumer: request.consumer, scopes: request.scopes ?? ["admin"])))
  }

  func list(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void) { answer(.success([])) }
  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void) {
    content.withLock { $0.revoked.append(revocation) }
    answer(nil)
  }

  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void) { answer(nil) }
  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void) {
    answer(.success(SecretRotated(token: "t")))
  }

  func terminate(by consumer: String, accepted: @escaping @Sendable (String?) -> Void) {
    content.withLock { $0.terminatedBy = consumer }
    accepted(nil)
  }

  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    answer(.failure(PupError(.notImplemented, "reload is not there yet")))
  }

  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void) {
    answer(content.withLock { $0.isReady } ? nil : PupError(.unavailable, "starting"))
  }

  func metrics(_ answer: @escaping @Sendable (String) -> Void) { answer("pup_processes 2\n") }
  func accessed(_ record: AccessRecord) { content.withLock { $0.access.append(record) } }
}

extension APIBackend {
  /// Every area in one.
  init(_ memory: MemoryBackend) {
    self.init(
      processes: memory, history: memory, logs: memory, messages: memory, tokens: memory, supervisor: memory, access: memory)
  }
}
