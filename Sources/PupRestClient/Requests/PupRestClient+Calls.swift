internal import PupAPI

extension PupRestClient {
  /// One call to the interface.
  struct Call {
    var method: HTTPRequest.Method = .get
    /// Percent-encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var body: (any JSONEncodable)?
    /// Repeating it has no further effect.
    var isIdempotent = true
    /// How long the server may wait before it responds (`?wait=<s>`, added here); nil for a call that does not wait.
    var wait: Duration?
    var accept = "application/json"

    /// The remaining wait in whole seconds, rounded up; the server waits for at most 300.
    func secondsToWait(after elapsed: Duration) -> Int64? {
      guard let (seconds, attoseconds) = wait.map({ ($0 - elapsed).components }) else { return nil }
      return min(min(max(seconds, 0), 300) + (attoseconds > 0 ? 1 : 0), 300)
    }

    /// Whether another attempt is possible after this outcome. A wait that was over does not start again.
    func mayFollow(_ outcome: Transfer.Outcome) -> Bool {
      guard wait != nil, case .failure(let failure) = outcome else { return true }
      return failure.kind != .timedOut
    }
  }

  /// The response's `data`.
  func data(_ call: Call) async throws(PupError) -> JSONValue {
    let answer = try await answer(call)
    guard !answer.body.isEmpty else { return .null }
    let value: JSONValue
    do throws(JSONProblem) {
      value = try JSONValue(parsing: answer.body, limits: JSONLimits(bytes: Transfer.longestBody))
    } catch {
      throw PupError(.unexpectedAnswer, "\(endpoint)\(call.path): the response is not JSON: \(error)")
    }
    guard let object = value.objectValue else {
      throw PupError(.unexpectedAnswer, "\(endpoint)\(call.path): the response is not an object")
    }
    return object["data"] ?? .null
  }

  /// Decodes a response; if that fails, throws `unexpectedAnswer`.
  func read<Value>(
    _ call: Call, _ decode: (JSONValue) throws(PupError) -> Value
  ) async throws(PupError) -> Value {
    let data = try await data(call)
    do throws(PupError) {
      return try decode(data)
    } catch {
      throw PupError(.unexpectedAnswer, "\(endpoint)\(call.path): \(error.message)")
    }
  }

  /// A response with a successful status.
  func answer(_ call: Call) async throws(PupError) -> HTTPAnswer {
    var attempt = 0
    let start = ContinuousClock.now
    while true {
      let outcome = await engine.answer(to: request(call, after: attempt == 0 ? .zero : .now - start))
      if case .success(let answer) = outcome, (200..<300).contains(answer.status) { return answer }
      let error = problem(outcome)
      guard attempt < options.retries, call.mayFollow(outcome),
        let delay = RetryPolicy.delay(
          after: outcome, attempt: attempt, isIdempotent: call.isIdempotent, base: options.retryDelay,
          random: Double.random(in: 0..<1))
      else { throw error }
      attempt += 1
      do { try await Task.sleep(for: delay) } catch { throw PupError(.cancelled, "cancelled") }
    }
  }

  private func problem(_ outcome: Transfer.Outcome) -> PupError {
    switch outcome {
    case .failure(let failure): failure.error(at: endpoint)
    case .success(let answer): PupError(status: answer.status, body: answer.body)
    }
  }

  /// - Parameter elapsed: the time since the first attempt began.
  private func request(_ call: Call, after elapsed: Duration) -> HTTPRequest {
    let wait = call.secondsToWait(after: elapsed)
    let isNamed = call.query.contains { $0.name == "wait" }
    let fields = call.query + (isNamed ? [] : wait.map { [("wait", String($0))] } ?? [])
    let query = fields.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    let target = query.isEmpty ? call.path : call.path + "?" + query.joined(separator: "&")
    var headers = [("Accept", call.accept)]
    let token = currentToken
    if !token.isEmpty { headers.append(("Authorization", "Bearer \(token)")) }
    if call.body != nil { headers.append(("Content-Type", "application/json")) }
    return HTTPRequest(
      method: call.method, endpoint: endpoint, target: target, headers: headers, body: call.body?.jsonBytes,
      // The server responds when the wait is over; the margin covers the transfer.
      timeout: wait.map { .seconds($0) + max(options.timeout, .seconds(3)) * 4 } ?? options.timeout,
      connectTimeout: options.timeout, isIdempotent: call.isIdempotent, certificateAuthority: options.certificateAuthority)
  }
}
