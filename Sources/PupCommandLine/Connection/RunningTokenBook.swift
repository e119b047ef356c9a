internal import PupAPI
internal import PupRestClient

struct RunningTokenBook: TokenBook {
  let client: PupRestClient

  func create(_ request: TokenRequest) throws(CommandFailure) -> TokenCreated {
    let body = try body(request)
    return try AsyncWork.run { [client] () async throws(PupError) in
      try TokenCreated(json: try await client.call("POST", "/tokens", body: body))
    }
  }

  func tokens() throws(CommandFailure) -> [TokenInfo] {
    try AsyncWork.run { [client] () async throws(PupError) in
      var tokens: [TokenInfo] = []
      for element in try await client.call("GET", "/tokens").arrayValue ?? [] { tokens.append(try TokenInfo(json: element)) }
      return tokens
    }
  }

  func revoke(_ revocation: TokenRevocation) throws(CommandFailure) { try post("/tokens/revoke", try body(revocation)) }

  func reinstate(_ consumer: String) throws(CommandFailure) {
    try post("/tokens/reinstate", ["consumer": .string(consumer)])
  }

  func rotateSecret() throws(CommandFailure) { try post("/tokens/rotate-secret", nil) }

  private func post(_ path: String, _ body: JSONValue?) throws(CommandFailure) {
    _ = try AsyncWork.run { [client] () async throws(PupError) in try await client.call("POST", path, body: body) }
  }

  private func body(_ value: some JSONEncodable) throws(CommandFailure) -> JSONValue {
    do throws(JSONProblem) {
      return try JSONValue(parsing: value.jsonBytes)
    } catch {
      throw CommandFailure(70, "\(error)")
    }
  }
}
