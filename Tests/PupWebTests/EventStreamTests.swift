import PupAPI
import PupEvents
import PupTokens
import PupWeb
import Testing

@Suite("GET /events", .timeLimit(.minutes(5))) struct EventStreamTests {
  private func message(_ number: Int) -> EventPayload {
    .ipc(IPCMessage(sender: "a", target: "b", event: "\(number)", eventData: nil))
  }

  @Test("starts with its id, sends events as they come") func stream() throws {
    let server = try TestServer()
    defer { server.stop() }
    let reader = try EventReader(server, "/events", token: server.token())
    let first = try reader.next()
    #expect(first?.name == "stream")
    #expect(first?.id == "e1-0")
    server.events.publish(message(1))
    let event = try reader.next()
    #expect(event == .init(id: "e1-1", name: "ipc", data: #"{"sender":"a","target":"b","event":"1"}"#))
    server.events.publish(.watchdog)
    #expect(try reader.next() == .init(id: nil, name: "watchdog", data: "{}"))
  }

  @Test("resumes after fifty cuts without a gap") func resume() throws {
    let server = try TestServer()
    defer { server.stop() }
    let token = server.token()
    var last = "e1-0"
    var seen = 0
    for round in 0..<50 {
      for number in 0..<200 { server.events.publish(message(round * 200 + number)) }
      let reader = try EventReader(server, "/events", token: token, lastID: last)
      #expect(try reader.next()?.name == "stream")
      let stop = round == 49 ? 10_000 : seen + 150
      while seen < stop {
        let event = try #require(try reader.next())
        seen += 1
        #expect(event.id == "e1-\(seen)")
        last = event.id ?? last
      }
      reader.client.close()
    }
    #expect(seen == 10_000)
  }

  @Test("tells a slow reader what it lost, and who comes from another epoch") func lost() throws {
    var limits = EventBus.Limits()
    limits.bulkEvents = 10
    let server = try TestServer(events: limits)
    defer { server.stop() }
    for number in 0..<30 { server.events.publish(message(number)) }
    let reader = try EventReader(server, "/events", token: server.token(), lastID: "e1-5")
    #expect(try reader.next()?.name == "stream")
    #expect(try reader.next() == .init(id: nil, name: "lost", data: #"{"from":6,"to":20,"count":15}"#))
    #expect(try reader.next()?.id == "e1-21")
    let stranger = try EventReader(server, "/events", token: server.token(), lastID: "e0-5")
    #expect(try stranger.next()?.name == "stream")
    #expect(try stranger.next() == .init(id: nil, name: "lost", data: #"{"from":null,"to":20,"count":null}"#))
    #expect(try server.request("GET", "/events", token: server.token(), headers: ["Last-Event-ID: x"]).status == 400)
  }

  @Test("filters by type, process and scope") func filters() throws {
    let server = try TestServer()
    defer { server.stop() }
    func line(_ process: String, _ severity: APILogSeverity) -> EventPayload {
      .log(LogItem(severity: severity, category: "c", text: "t", processId: process, timeStamp: 0))
    }
    let typed = try EventReader(server, "/events?types=log&processId=WEB,x&severity=warn", token: server.token())
    let scoped = try EventReader(server, "/events", token: server.token(scopes: [.ipc]))
    #expect(try typed.next()?.name == "stream")
    #expect(try scoped.next()?.name == "stream")
    server.events.publish(line("web", .info))
    server.events.publish(line("db", .error))
    server.events.publish(message(1))
    server.events.publish(line("web", .error))
    server.events.publish(message(2))
    #expect(try typed.next()?.id == "e1-4")
    #expect(try scoped.next()?.id == "e1-3")
    #expect(try scoped.next()?.id == "e1-5")
  }

  @Test("ends when its token does, unless a fresh one prolongs it") func expiry() throws {
    let server = try TestServer()
    defer { server.stop() }
    let short = try EventReader(server, "/events", token: server.token("somebody else", expires: 10))
    let prolonged = try EventReader(server, "/events", token: server.token(expires: 10))
    _ = try short.next()
    let greeting = try JSONValue(parsing: try #require(try prolonged.next()).data)
    let id = try #require(greeting["id"]?.stringValue)
    #expect(try server.request("POST", "/events/\(id)/auth", token: server.token("other", expires: 500)).status == 404)
    #expect(try server.request("POST", "/events/\(id)/auth", token: server.token(expires: 500)).status == 200)
    server.clock.advance(100)
    #expect(try short.next() == .init(id: nil, name: "expired", data: #"{"reason":"expired"}"#))
    #expect(try short.next() == nil)
    server.events.publish(message(1))
    #expect(try prolonged.next()?.id == "e1-1")
    server.authorizer.setRevoked(consumers: ["TESTER"])
    #expect(try prolonged.next() == .init(id: nil, name: "expired", data: #"{"reason":"revoked"}"#))
  }

  @Test("ends when the secret of its token is replaced") func rotation() throws {
    let server = try TestServer()
    defer { server.stop() }
    let reader = try EventReader(server, "/events", token: server.token())
    _ = try reader.next()
    server.authorizer.rotate(TokenSecret(text: String(repeating: "n", count: 88)))
    #expect(try reader.next() == .init(id: nil, name: "expired", data: #"{"reason":"revoked"}"#))
    #expect(try reader.next() == nil)
  }

  @Test("tells what happened last, and that it is over, when the server stops") func lastWords() throws {
    let server = try TestServer()
    let reader = try EventReader(server, "/events", token: server.token())
    _ = try reader.next()
    for number in 1...200 { server.events.publish(message(number)) }
    server.stop()
    for number in 1...200 { #expect(try reader.next()?.id == "e1-\(number)") }
    #expect(try reader.next()?.name == "closed")
    #expect(try reader.next() == nil)
  }

  @Test("sends comments while nothing happens, so that dead clients are found") func heartbeat() throws {
    let server = try TestServer { $0.limits.heartbeatSeconds = 1 }
    defer { server.stop() }
    let reader = try EventReader(server, "/events", token: server.token())
    _ = try reader.next()
    #expect(try reader.client.chunk() == ":\n\n")
  }

  @Test("a reader that does not read slows nobody and is cut") func stuck() throws {
    let server = try TestServer { $0.limits.answerSeconds = 1 }
    defer { server.stop() }
    let stuck = try EventReader(server, "/events", token: server.token())
    _ = try stuck.next()
    let text = String(repeating: "x", count: 4000)
    for number in 0..<2000 {
      server.events.publish(.log(LogItem(severity: .log, category: "c", text: text, processId: "p", timeStamp: Int64(number))))
    }
    #expect(try server.request("GET", "/healthz").status == 200)
    let metrics = { try server.request("GET", "/metrics", token: server.token()).body }
    var isCut = false
    for _ in 0..<100_000 where !isCut { isCut = try metrics().contains("pup_http_streams{kind=\"events\"} 0") }
    #expect(isCut)
  }
}
