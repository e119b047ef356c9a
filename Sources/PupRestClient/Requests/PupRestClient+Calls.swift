internal import PupAPI

extension PupRestClient {
  /// One call of the interface.
  struct Call {
    var method: HTTPRequest.Method = .get
    /// Percent-encoded.
    var path: String
    var query: [(name: String, value: String)] = []
    var body: (any JSONEncodable)?
    /// Doing it twice has the effect of doing it once.
    var isIdempotent = true
    /// How long the server may take beyond the ordinary; nil for a call that does not wait.
    var wait: Duration?
  }

  /// The member `data` of the answer.
  func data(_ call: Call) async throws(PupError) -> JSONValue {
    let answer = try await answer(call)
    guard !answer.body.isEmpty else { return .null }
    let value: JSONValue
    do throws(JSONProblem) {
      value = try JSONValue(parsing: answer.body, limits: JSONLimits(bytes: Transfer.longestBody))
    } catch {
      throw PupError(.unexpectedAnswer, "\(endpoint)\(call.path): the answer is not JSON: \(error)")
    }
    guard let object = value.objectValue else {
      throw PupError(.unexpectedAnswer, "\(endpoint)\(call.path): the answer is no object")
    }
    return object["data"] ?? .null
  }

  /// Reads an answer; what does not fit is `unexpectedAnswer`.
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

  /// An answer with a status of success.
  func answer(_ call: Call) async throws(PupError) -> HTTPAnswer {
    var attempt = 0
    while true {
      let outcome = await engine.answer(to: request(call))
      if case .success(let answer) = outcome, (200..<300).contains(answer.status) { return answer }
      let error = problem(outcome)
      guard attempt < options.retries, !Task.isCancelled,
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

  private func request(_ call: Call) -> HTTPRequest {
    let query = call.query.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
    let target = query.isEmpty ? call.path : call.path + "?" + query.joined(separator: "&")
    var headers = [("Accept", "application/json")]
    let token = currentToken
    if !token.isEmpty { headers.append(("Authorization", "Bearer \(token)")) }
    if call.body != nil { headers.append(("Content-Type", "application/json")) }
    return HTTPRequest(
      method: call.method, endpoint: endpoint, target: target, headers: headers, body: call.body?.jsonBytes,
      // The server answers when the wait is over; the margin is for the way.
      timeout: call.wait.map { $0 + max(options.timeout, .seconds(3)) * 4 } ?? options.timeout,
      connectTimeout: options.timeout, isIdempotent: call.isIdempotent, certificateAuthority: options.certificateAuthority)
  }
}
