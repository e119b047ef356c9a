import Glibc
import PupAPI
import PupSystem
import PupTokens
import Synchronization
import Testing

@testable import PupWeb

@Suite("Answers that are streams", .timeLimit(.minutes(5))) struct StreamAnswerTests {
  /// Says one word, and ends.
  private final class Word: BodySource {
    let type = "text/plain"
    private let isSaid = Mutex(false)
    private let readersLeft = Mutex(0)

    func begin(wake: @escaping () -> Void) {}

    func next() -> [UInt8]? {
      isSaid.withLock { isSaid in
        defer { isSaid = true }
        return isSaid ? nil : Array("word".utf8)
      }
    }

    var isDone: Bool { isSaid.withLock { $0 } }
    func closed() { readersLeft.withLock { $0 += 1 } }
    var isClosed: Bool { readersLeft.withLock { $0 > 0 } }
  }

  /// A server with one more operation, which answers with the word, or keeps its calls.
  private static func server(_ word: Word, keeping kept: OpenCalls? = nil) throws -> TestServer {
    let server = try TestServer()
    let operation = Operation(
      name: "say", summary: "Says it.", permissions: [], answer: .init(summary: "It.", type: "text/plain")
    ) { (call) throws(PupError) in
      if let kept { kept.calls.withLock { $0.append(call) } } else { call.answer(.stream(word)) }
    }
    try server.onLoop { web in
      web.service.router = try web.service.router.mounting(
        RouteGroup(tag: "words", summary: "Says.", routes: [Route(.get, "/say", operation)]))
    }
    return server
  }

  private final class OpenCalls: Sendable {
    let calls = Mutex<[any Call]>([])
  }

  @Test("it is sent in chunks, and its end is the end of the answer") func whole() throws {
    let word = Word()
    let server = try Self.server(word)
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send("GET /say HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let head = try client.head()
    #expect(head.status == 200 && head.headers["transfer-encoding"] == "chunked" && head.headers["content-type"] == "text/plain")
    #expect(try client.chunk() == "word")
    #expect(try client.chunk() == "")
    #expect(word.isClosed)
  }

  @Test("whoever asks for the head gets nothing behind it") func head() throws {
    let word = Word()
    let server = try Self.server(word)
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send("HEAD /say HTTP/1.1\r\nHost: localhost\r\n\r\n")
    let answer = try client.response(isHead: true)
    #expect(answer.status == 200 && answer.headers["content-length"] == "0")
    #expect(word.isClosed && !word.isDone)
    try client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    #expect(try client.response().status == 200)
  }

  @Test("one for a client that has left is closed") func late() throws {
    let word = Word()
    let kept = OpenCalls()
    let server = try Self.server(word, keeping: kept)
    defer { server.stop() }
    let client = try server.connect()
    try client.send("GET /say HTTP/1.1\r\nHost: localhost\r\n\r\n")
    while kept.calls.withLock({ $0.isEmpty }) { sched_yield() }
    try server.onLoop { web in
      for listener in web.listeners { for connection in listener.connections.values { connection.close() } }
    }
    client.close()
    let call = try #require(kept.calls.withLock { $0.popLast() })
    call.answer(.stream(word))
    try server.onLoop { _ in #expect(word.isClosed) }
  }
}
