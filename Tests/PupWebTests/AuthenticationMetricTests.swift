import PupTokens
import PupWeb
import Testing

/// What security.md says about refused tokens in `/metrics`.
@Suite("Refused tokens are counted", .timeLimit(.minutes(5))) struct AuthenticationMetricTests {
  @Test("pup_http_authentication_failures_total has them by reason") func byReason() throws {
    let server = try TestServer()
    defer { server.stop() }
    let refused: [(reason: String, header: String?)] = [
      ("missing", nil), ("format", "Basic dTpw"), ("invalid", "Bearer nonsense"), ("invalid", "Bearer a.b.c"),
      ("invalid", "Bearer " + WebToken(consumer: "x", expires: nil).signed(with: TokenSecret(text: "another secret"))),
      ("expired", "Bearer " + server.token(expires: -61)), ("expired", "Bearer " + server.token(expires: -61)),
      ("noConsumer", "Bearer " + server.token(" ")), ("revoked", "Bearer " + server.token("revoked")),
      ("revoked", "Bearer " + server.token(id: "dead")),
    ]
    for (reason, header) in refused {
      let answer = try server.request("GET", "/state", headers: header.map { ["Authorization: \($0)"] } ?? [])
      #expect(answer.status == 401, "\(reason)")
    }
    // Neither what needs no token nor a good one counts, also not one that may not do what it asks for.
    #expect(try server.request("GET", "/healthz").status == 200)
    #expect(try server.request("POST", "/terminate", token: server.token(scopes: [.read])).status == 403)
    let text = try server.request("GET", "/metrics", token: server.token()).body
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("pup_http_authentication_failures_total{") }
    let expected = Dictionary(grouping: refused, by: \.reason).mapValues(\.count)
    #expect(
      lines.count == AuthenticationFailure.allCases.count
        && Set(expected.keys) == Set(AuthenticationFailure.allCases.map { "\($0)" }))
    for (reason, count) in expected {
      #expect(lines.contains("pup_http_authentication_failures_total{reason=\"\(reason)\"} \(count)"), "\(lines)")
    }
  }
}
