import Glibc
import PupAPI
import Synchronization
import Testing

@testable import PupWeb

/// Log queries that end early.
@Suite("Log queries", .timeLimit(.minutes(5))) struct LogQueryTests {
  @Test("what is missing is told", arguments: ["/logs", "/processes/web/logs"], [nil, APILogPage.Limit.time, .bytes])
  func truncated(_ path: String, _ limit: APILogPage.Limit?) throws {
    let server = try TestServer()
    defer { server.stop() }
    server.backend.content.withLock { $0.limit = limit }
    let response = try server.request("GET", path + "?nRows=5", token: server.token())
    // The shape is that of the original in any case.
    #expect(response.status == 200 && response.json?["data"]?.arrayValue?.count == 5)
    #expect(response.headers["pup-truncated"] == limit?.rawValue)
    #expect(response.headers["pup-next-end"] == limit.map { _ in "17" })
  }

  @Test("a page of another origin may read the headers") func crossOrigin() throws {
    let server = try TestServer(allowedOrigins: ["https://panel.example"])
    defer { server.stop() }
    let response = try server.request("GET", "/logs", token: server.token(), headers: ["Origin: https://panel.example"])
    #expect(response.headers["access-control-expose-headers"] == "X-Request-Id, Pup-Truncated, Pup-Next-End")
  }

  @Test("the headers are described") func description() throws {
    let document = OpenAPIDocument(groups: RouteTable.groups, version: "1").json
    for path in ["/logs", "/processes/{id}/logs"] {
      let answers = document["paths"]?[path]?["get"]?["responses"]
      #expect(answers?["200"]?["headers"]?["Pup-Truncated"]?["schema"]?["enum"] == ["time", "bytes", "line"])
      #expect(answers?["200"]?["headers"]?["Pup-Next-End"]?["required"] == false)
      #expect(answers?["503"] != nil)
    }
  }

  @Test("a query hears that its client has left", arguments: ["closed", "reset", "half closed"]) func leaving(_ how: String)
    throws
  {
    let server = try TestServer()
    defer { server.stop() }
    server.backend.content.withLock { $0.isHolding = true }
    let client = try server.connect()
    let patient = try server.connect()
    let request = "GET /logs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\n\r\n"
    func held(_ count: Int) -> [ClientPresence] {
      while true {
        let found = server.backend.content.withLock { $0.heldQueries.map(\.client) }
        if found.count == count { return found }
        sched_yield()
      }
    }
    try client.send(request)
    _ = held(1)
    try patient.send(request)
    let both = held(2)
    #expect(both[0].isThere && both[1].isThere)
    switch how {
    case "closed": client.close()
    case "half closed": shutdown(client.socket, Int32(SHUT_WR))
    default:
      var option = linger(l_onoff: 1, l_linger: 0)
      setsockopt(client.socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      client.close()
    }
    // The server looks each second.
    while both[0].isThere { sched_yield() }
    #expect(both[1].isThere)
    for query in server.backend.content.withLock({ $0.heldQueries }) { query.answer(.success(APILogPage(lines: []))) }
    // Whoever only has nothing more to say gets an answer all the same.
    if how == "half closed" {
      #expect(try client.response().status == 200)
      client.close()
    }
    #expect(try patient.response().status == 200)
    patient.close()
  }
}
