public import PupAPI

extension PupRestClient {
  /// Reads the configuration again and applies what has changed.
  /// - Throws: `notImplemented` by a server that cannot; `invalidBody` or `refused` with the reason where the configuration is wrong.
  @discardableResult
  public func reload() async throws(PupError) -> ActionResult {
    try await read(Call(method: .post, path: "/reload")) { (data) throws(PupError) in try ActionResult(json: data) }
  }

  /// Stops every process, and then Pup. As a system service, Pup is then started again.
  ///
  /// Not repeated by itself once the server may have heard it: the next one to hear it could be the Pup that was started again.
  public func terminate() async throws(PupError) {
    _ = try await data(Call(method: .post, path: "/terminate", isIdempotent: false))
  }

  /// Numbers for Prometheus (text format 0.0.4): per process, per route, of the log and of the build.
  public func getMetrics() async throws(PupError) -> String {
    let answer = try await answer(Call(path: "/metrics", accept: "text/plain"))
    guard let text = String(validating: answer.body, as: UTF8.self) else {
      throw PupError(.unexpectedAnswer, "\(endpoint)/metrics: the answer is not UTF-8")
    }
    return text
  }
}
