import PupAPI
import PupTokens
import Testing

@testable import PupWeb

@Suite("Pages of other origins", .timeLimit(.minutes(5))) struct CrossOriginTests {
  private static let panel = "https://panel.example.org"

  private func server() throws -> TestServer { try TestServer(allowedOrigins: [Self.panel]) }

  @Test("an origin that is configured may ask and read") func allowed() throws {
    let server = try server()
    defer { server.stop() }
    let ask = try server.request(
      "OPTIONS", "/processes/web/stop", headers: ["Origin: \(Self.panel)", "Access-Control-Request-Method: POST"])
    #expect(ask.status == 204)
    #expect(ask.headers["access-control-allow-origin"] == Self.panel)
    #expect(ask.headers["access-control-allow-methods"] == "POST")
    let answer = try server.request("GET", "/processes", token: server.token(), headers: ["Origin: \(Self.panel)"])
    #expect(answer.status == 200)
    #expect(answer.headers["access-control-allow-origin"] == Self.panel)
    #expect(answer.headers["vary"] == "Origin")
  }

  @Test("any other one is refused, and nothing is allowed where nothing is configured") func refused() throws {
    let server = try server()
    defer { server.stop() }
    let foreign = try server.request("GET", "/processes", token: server.token(), headers: ["Origin: https://evil.example"])
    #expect(foreign.status == 403)
    #expect(foreign.headers["access-control-allow-origin"] == nil)
    let plain = try TestServer()
    defer { plain.stop() }
    let ask = try plain.request(
      "OPTIONS", "/processes", headers: ["Origin: \(Self.panel)", "Access-Control-Request-Method: GET"])
    #expect(ask.status == 403)
  }
}
