import Glibc
import PupAPI
import PupSystem
import PupTestSupport
import Synchronization
import Testing

@testable import PupRestClient

@Suite(.timeLimit(.minutes(6))) struct EventStreamTests {
  private func take(_ events: PupEvents, until: (PupEvent) -> Bool) async -> [PupEvent] {
    var taken: [PupEvent] = []
    for await event in events {
      taken.append(event)
      if until(event) { break }
    }
    return taken
  }

  @Test func everyKindOfEventArrives() async throws {
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      for (number, payload) in Samples.payloads.enumerated() {
        connection.chunk(Samples.frame(payload, id: payload.name.isLiveOnly ? nil : "e-\(number + 1)"))
      }
      connection.chunk("id: e-99\nevent: plugin_log\ndata: {\"a\":1}\n\n")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = client.events(Set(EventName.known))
    let other = client.events()
    let all = await take(events) {
      $0.feedNumber == nil && $0 == .event(Samples.payloads.last ?? .initialized, id: EventID("e-\(Samples.payloads.count)"))
    }
    #expect(all.first == .connected)
    #expect(all.dropFirst().compactMap { if case .event(let payload, _) = $0 { payload } else { nil } } == Samples.payloads)
    #expect(all.count == Samples.payloads.count + 1)
    // Without names: everything except the state sent every second, including unknown kinds.
    let rest = await take(other) { if case .other = $0 { true } else { false } }
    #expect(rest.last == .other(name: "plugin_log", data: ["a": 1], id: EventID("e-99")))
    #expect(!rest.contains { if case .event(.applicationState, _) = $0 { true } else { false } })
    let request = try #require(server.requests.first)
    #expect(request.headers["accept"] == "text/event-stream")
    #expect(request.headers["last-event-id"] == nil)
  }

  @Test func aKindThatIsNotKnownCanBeAskedFor() async throws {
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      connection.chunk("id: e-1\nevent: plugin_status\ndata: {}\n\nid: e-2\nevent: plugin_log\ndata: {\"a\":1}\n\n")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events([EventName(rawValue: "plugin_log")])) { if case .other = $0 { true } else { false } }
    #expect(events == [.connected, .other(name: "plugin_log", data: ["a": 1], id: EventID("e-2"))])
    #expect(server.requests.first?.target == "/events?types=plugin_log")
  }

  @Test func everyKnownKindCanBeRead() throws {
    #expect(Set(Samples.payloads.map(\.name)) == Set(EventName.known))
    for payload in Samples.payloads {
      #expect(try EventPayload(payload.name, reading: JSONValue(parsing: payload.jsonBytes)) == payload)
    }
    #expect(try EventPayload(EventName(rawValue: "plugin_log"), reading: .null) == nil)
  }

  @Test func fiftyCutsDuringTenThousandEvents() async throws {
    let feed = EventFeed(1...10_000)
    let random = Mutex(SeededGenerator(seed: 5))
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      let rest = feed.after(request.headers["last-event-id"]) ?? []
      // 200 events and part of the next one, then gone: by an orderly end, in the middle, or with a reset.
      let isCut = request.connection < 50
      var text = rest.prefix(isCut ? 200 : 10_000).map(\.text).joined()
      if isCut {
        let drop = random.withLock { Int($0.next() % 60) }
        text = String(text.dropLast(drop))
      }
      var bytes = text[...]
      while !bytes.isEmpty {
        let size = random.withLock { Int($0.next() % 5000) + 1 }
        if !connection.chunk(String(bytes.prefix(size))) { return }
        bytes = bytes.dropFirst(size)
      }
      switch (isCut, request.connection % 3) {
      case (false, _): connection.waitForEnd()
      case (true, 0):
        connection.endChunks()
        connection.close()
      case (true, 1): connection.close()
      case (true, _): connection.reset()
      }
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 10_000 }
    #expect(events.compactMap(\.feedNumber) == Array(1...10_000))
    #expect(events.filter(\.isLoss).isEmpty)
    #expect(server.requests.count >= 51)
    #expect(events.filter { $0 == .connected }.count >= 50)
  }

  @Test func whatTheServerHasNoMoreIsTold() async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      if request.connection == 0 {
        connection.chunk(EventFeed(1...3).after(nil)?.map(\.text).joined() ?? "")
        return connection.close()
      }
      connection.chunk("id: e1-7\nevent: lost\ndata: {\"from\":4,\"to\":7,\"count\":4}\n\n")
      connection.chunk(EventFeed(8...9).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 9 }
    #expect(events.filter(\.isLoss) == [.lost(LostEvents(from: 4, to: 7, count: 4, reason: .server))])
    #expect(events.compactMap(\.feedNumber) == [1, 2, 3, 8, 9])
    #expect(server.requests.dropFirst().first?.headers["last-event-id"] == "e1-3")
  }

  /// A new server that does not announce itself: the client reports it.
  @Test(arguments: [true, false]) func aNewEpochIsALoss(isToldByServer: Bool) async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      if request.connection == 0 {
        connection.chunk(EventFeed(5...6).after(nil)?.map(\.text).joined() ?? "")
        return connection.close()
      }
      if isToldByServer { connection.chunk("event: lost\ndata: {\"from\":null,\"to\":0,\"count\":null}\n\n") }
      connection.chunk(EventFeed(1...2, epoch: "e2").after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 2 }
    #expect(events.filter(\.isLoss).count == 1)
    #expect(events.filter { $0.isLoss || $0.feedNumber != nil }.map(\.feedNumber) == [5, 6, nil, 1, 2])
  }

  @Test func whatComesAgainIsSeenOnce() async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      connection.chunk(EventFeed(1...(request.connection == 0 ? 5 : 8)).after(nil)?.map(\.text).joined() ?? "")
      if request.connection == 0 { return connection.close() }
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 8 }
    #expect(events.compactMap(\.feedNumber) == Array(1...8))
  }

  @Test func whatCannotBeReadIsOneLostEvent() async throws {
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      connection.chunk("id: e1-1\nevent: process_status_changed\ndata: {\"new\":\"x\"}\n\nid: e1-2\nevent: log\ndata: {{{\n\n")
      connection.chunk(EventFeed(3...3).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 3 }
    let lost = events.compactMap { if case .lost(let lost) = $0 { lost } else { nil } }
    #expect(lost.map(\.from) == [1, 2])
    #expect(lost.map(\.count) == [1, 1])
    #expect(server.requests.count == 1)
  }

  @Test func aSlowReaderHearsWhatItMissed() async throws {
    let (feed, listening) = (EventFeed(1...1000), Latch<Void>())
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      connection.chunk(feed.after(nil)?.map(\.text).joined() ?? "")
      listening.wait()
      connection.chunk(Samples.frame(.watchdog, id: nil))
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address) { $0.eventBuffer = 100 }
    defer { client.close() }
    let slow = client.events([.terminating])
    let all = Signal()
    client.on(.watchdog) { all.give() }
    listening.open(with: ())
    await all.wait()
    var seen: [Int] = []
    var lost: UInt64 = 0
    for await event in slow {
      if let number = event.feedNumber { seen.append(number) }
      if case .lost(let missed) = event {
        #expect(missed.reason == .slowReader)
        lost += missed.count ?? 0
      }
      if seen.count + Int(lost) >= 1000 { break }
    }
    // One position may be taken by the report of the connection.
    #expect(seen == Array(1..<seen.count + 1))
    #expect((99...100).contains(seen.count))
    #expect((900...901).contains(lost))
  }

  @Test func handlersGetWhatTheyNamed() async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      connection.chunk(Samples.payloads.map { Samples.frame($0, id: nil) }.joined())
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let (done, unwanted) = (Signal(), Counter())
    let words = Mutex<[String]>([])
    let off = client.on(.watchdog) { unwanted.next() }
    client.off(off)
    client.on(.processStatusChanged) { change in
      words.withLock { $0.append("\(change.processId) \(change.oldState ?? "-") \(change.newState)") }
      if change.newState == "failed" { done.give() }
    }
    let state = Signal()
    client.on(.applicationState) { if $0.systemMemory.total == 1 << 40 { state.give() } }
    await done.wait()
    await state.wait()
    #expect(words.withLock { $0 }.prefix(2) == ["web - created", "web running failed"])
    #expect(unwanted.value == 0)
  }

  @Test func aNewReaderMayNeedMore() async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      if request.target.contains("application_state") {
        connection.chunk(Samples.frame(.applicationState(Samples.state), id: nil))
      } else {
        connection.chunk(EventFeed(1...3).after(nil)?.map(\.text).joined() ?? "")
      }
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let first = client.events()
    #expect(await take(first) { $0.feedNumber == 3 }.count == 4)
    let second = client.events([.applicationState])
    _ = await take(second) { if case .event(.applicationState, _) = $0 { true } else { false } }
    let request = try #require(server.requests.last)
    #expect(request.headers["last-event-id"] == "e1-3")
    let names = Set(request.target.drop { $0 != "=" }.dropFirst().split(separator: ",").map(String.init))
    #expect(names == Set(EventName.known.map(\.rawValue)))
  }

  @Test(arguments: [
    (404, #"{"error":"no such path"}"#, PupErrorCode.notFound), (503, "", .unavailable), (200, "{}", .unexpectedAnswer),
    (200, "data: x\n\n", .unexpectedAnswer),
  ])
  func whatIsNoStreamIsToldOnce(_ status: Int, _ body: String, _ code: PupErrorCode) async throws {
    let server = try ScriptedServer { request, connection in
      if request.connection < 3 { return connection.answer(status, body, headers: ["Connection: close"]) }
      connection.beginEvents()
      connection.chunk(EventFeed(1...1).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 1 }
    let problems = events.compactMap { if case .disconnected(let error) = $0 { error.code } else { nil } }
    #expect(problems == [code])
  }

  @Test func aSilentConnectionIsGivenUp() async throws {
    let server = try ScriptedServer { request, connection in
      connection.beginEvents()
      connection.chunk(EventFeed(1...(request.connection + 1)).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address) { $0.streamSilence = .milliseconds(200) }
    defer { client.close() }
    let events = await take(client.events()) { $0.feedNumber == 2 }
    #expect(events.compactMap(\.feedNumber) == [1, 2])
  }

  @Test func closingEndsTheReaders() async throws {
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      connection.chunk(EventFeed(1...2).after(nil)?.map(\.text).joined() ?? "")
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    let events = client.events()
    var numbers: [Int] = []
    for await event in events {
      if let number = event.feedNumber { numbers.append(number) }
      if numbers.count == 2 { client.close() }
    }
    #expect(numbers == [1, 2])
    for await _ in client.events() { Issue.record("a closed client has no events") }
  }

  /// A reader that does not end fails by the time limit.
  @Test func aCancelledReaderEnds() async throws {
    let arrived = Signal()
    let server = try ScriptedServer { _, connection in
      connection.beginEvents()
      arrived.give()
      connection.waitForEnd()
    }
    let client = try Samples.client(server.address)
    defer { client.close() }
    let reader = Task { for await _ in client.events() {} }
    await arrived.wait()
    reader.cancel()
    await reader.value
  }
}
