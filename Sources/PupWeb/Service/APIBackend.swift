package import PupAPI

/// What the interface shows and steers. Calls come on the web loop and must not block; answers may come on any thread, once each.
package protocol APIBackend: Sendable {
  func processes(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void)
  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void)

  /// - Parameters:
  ///   - wait: seconds to wait for the end of it; nil answers as soon as it is accepted.
  ///   - answer: errors: `unknownProcess`, `refused`, `unavailable`.
  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void)

  /// - Parameter answer: `unknownProcess` where the sender is no process.
  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void)
  func send(_ message: IPCMessage)
  func log(_ submission: LogSubmission)
  /// - Parameters:
  ///   - client: the query may end when it has left.
  ///   - answer: what was found within the time and the bytes that a query may take; errors: `unknownProcess`, `unavailable`.
  func logs(
    _ query: APILogQuery, for client: ClientPresence, answer: @escaping @Sendable (Result<APILogPage, PupError>) -> Void)
  func history(of id: String, count: Int, answer: @escaping @Sendable (Result<[HistoryEntry], PupError>) -> Void)

  /// - Parameter answer: errors: `refused` for a revoked consumer, `unavailable` where nothing can be remembered.
  func createToken(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void)
  /// Oldest first.
  func tokens(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void)
  /// Acts at once, on open streams too.
  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void)
  /// Takes the revocation of a consumer back: its tokens are good again.
  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void)
  /// Every token made before is dead; the answer carries a new one for `consumer`.
  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void)

  /// Everything stops after this.
  func terminate(by consumer: String)
  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void)

  /// - Parameter answer: why this instance does not serve yet or any more; nil when it does.
  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void)
  /// Prometheus text of everything but the web server's own numbers; ends with a line feed.
  func metrics(_ answer: @escaping @Sendable (String) -> Void)
  /// For the access log; never holds a token or a query.
  func accessed(_ record: AccessRecord)
}

package enum ActionTarget: Hashable, Sendable {
  case all
  case process(String)
}

/// Which log lines; newest `count`, oldest first.
package struct APILogQuery: Hashable, Sendable {
  package var processId: String?
  package var start: ISODate?
  package var end: ISODate?
  package var severity: APILogSeverity?
  package var count: Int

  package init(processId: String? = nil, start: ISODate? = nil, end: ISODate? = nil, severity: APILogSeverity? = nil, count: Int)
  {
    self.processId = processId
    self.start = start
    self.end = end
    self.severity = severity
    self.count = count
  }
}

/// A request that was answered.
package struct AccessRecord: Hashable, Sendable {
  package var requestID: String
  package var method: String
  /// Without the query, control characters escaped as they were sent.
  package var path: String
  package var status: Int
  package var consumer: String?
  package var isLocal: Bool
  package var microseconds: Int64
  /// Of the body; 0 for streams.
  package var bytes: Int

  /// "GET /processes 200 consumer=cli 153us 812B id=1f-3"
  package var text: String {
    "\(method) \(path) \(status) consumer=\(consumer ?? "-") \(microseconds)us \(bytes)B id=\(requestID)"
  }
}
