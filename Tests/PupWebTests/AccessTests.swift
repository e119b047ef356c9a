import Glibc
import PupAPI
import PupEvents
import PupWeb
import Synchronization
import Testing

@Suite("Lines about requests", .timeLimit(.minutes(5))) struct AccessTests {
  @Test("what programs report and send is no change; what operators do is") func changes() throws {
    let server = try TestServer()
    defer { server.stop() }
    for call in RouteTests.calls where call.status < 300 && !call.path.hasPrefix("/tokens") {
      _ = try server.request(call.method, call.path, token: server.token(), body: call.body)
    }
    let records = server.backend.content.withLock { $0.access }
    let quiet = Set(records.filter { $0.method == "POST" && !$0.isChange }.map(\.path))
    #expect(quiet == ["/telemetry", "/ipc", "/log"])
    #expect(records.contains { $0.path == "/terminate" && $0.isChange })
    #expect(records.allSatisfy { $0.method == "POST" || !$0.isChange })
    // Both what changes something and what is refused say where they came from; what only asks is not looked at.
    #expect(records.allSatisfy { ($0.client?.hasPrefix("127.0.0.1:") == true) == $0.isChange }, "\(records)")
    #expect(records.first { $0.path == "/terminate" }?.text.contains(" client=127.0.0.1:") == true)
  }

  @Test("a refusal names where it came from") func clients() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send("GET /state HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try client.response().status == 401)
    let local = try RawClient(path: server.socketPath)
    defer { local.close() }
    try local.send("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try local.response().status == 404)
    try local.send("GARBAGE\r\n\r\n")
    #expect(try local.response().status == 400)
    let records = server.backend.content.withLock { $0.access }
    #expect(records[0].client == "127.0.0.1:\(client.port)")
    #expect(records[1].client == "pid:\(getpid()),uid:\(getuid())")
    #expect(records[2].client == records[1].client)
    #expect(records[0].text.contains(" client=127.0.0.1:"))
  }

  @Test("streams show them to those who ask, and other categories to those who ask for others") func streams() throws {
    let server = try TestServer()
    defer { server.stop() }
    func line(_ category: String) -> EventPayload {
      .log(LogItem(severity: .info, category: category, text: category, processId: "core", timeStamp: 1))
    }
    let token = server.token()
    let all = try EventReader(server, "/events?types=log", token: token)
    let access = try EventReader(server, "/events?types=log&category=access,Watch", token: token)
    let socket = try WebSocketTests.Socket(server, token: token)
    defer { for client in [all.client, access.client, socket.client] { client.close() } }
    _ = (try all.next(), try access.next())
    for category in ["access", "api", "watch"] { server.events.publish(line(category)) }
    #expect(try all.next()?.data.contains(#""category":"api""#) == true)
    #expect(try all.next()?.data.contains(#""category":"watch""#) == true)
    #expect(try access.next()?.data.contains(#""category":"access""#) == true)
    #expect(try access.next()?.data.contains(#""category":"watch""#) == true)
    #expect(try socket.text().contains(#""category":"api""#))
  }
}
