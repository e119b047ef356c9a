public import PupAPI

extension PupRestClient {
  /// Reloads the configuration and applies the changes.
  /// - Throws: `notImplemented` if the server does not support it; `invalidBody`
  ///   or `refused` with the reason if the configuration is wrong.
  @discardableResult
  public func reload() async throws(PupError) -> ActionResult {
    try await read(Call(method: .post, path: "/reload")) { (data) throws(PupError) in try ActionResult(json: data) }
  }

  /// Stops every process and then Pup. If Pup is a system service, it is then started again.
  /// Not retried automatically once the server may have received it: a retry could reach the newly started Pup.
  /// - Returns: a result whose message names any data that could not be written to disk and is lost.
  @discardableResult
  public func terminate() async throws(PupError) -> ActionResult {
    try await read(Call(method: .post, path: "/terminate", isIdempotent: false)) { (data) throws(PupError) in
      try Self.result(data)
    }
  }

  /// Metrics for Prometheus (text format 0.0.4) about processes, routes, the log and the build.
  public func getMetrics() async throws(PupError) -> String {
    let answer = try await answer(Call(path: "/metrics", accept: "text/plain"))
    guard let text = String(validating: answer.body, as: UTF8.self) else {
      throw PupError(.unexpectedAnswer, "\(endpoint)/metrics: the response is not UTF-8")
    }
    return text
  }
}
