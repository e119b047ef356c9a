package import PupAPI

/// The log lines of programs and of Pup.
package protocol LogBackend: Sendable {
  /// - Parameters:
  ///   - client: the query may end early when the client has left.
  ///   - answer: what was found within the time and the bytes that a query may take; errors: `unknownProcess`, `unavailable`.
  func query(
    _ query: APILogQuery, for client: ClientPresence, answer: @escaping @Sendable (Result<APILogPage, PupError>) -> Void)
  func write(_ submission: LogSubmission)
}
