import Glibc
import PupAPI
import PupWeb
import Synchronization
import Testing

/// Bytes that another reader may cut into other requests than we do, with a request hidden in them: one answer at most, then the
/// end.
@Suite("Hidden requests", .timeLimit(.minutes(6))) struct SmugglingTests {
  struct Probe: Sendable, CustomTestStringConvertible {
    var what: String
    var head: String
    var body = ""
    var testDescription: String { what }
  }

  static let probes: [Probe] = [
    Probe(what: "a list of lengths", head: "Content-Length: 0, 0\r\n"),
    Probe(what: "a list of different lengths", head: "Content-Length: 0,90\r\n"),
    Probe(what: "a length with a plus", head: "Content-Length: +0\r\n"),
    Probe(what: "a length with a minus", head: "Content-Length: -0\r\n"),
    Probe(what: "a negative length", head: "Content-Length: -1\r\n"),
    Probe(what: "a hexadecimal length", head: "Content-Length: 0x0\r\n"),
    Probe(what: "a length in letters", head: "Content-Length: zero\r\n"),
    Probe(what: "a length with a fraction", head: "Content-Length: 0.0\r\n"),
    Probe(what: "a length with an exponent", head: "Content-Length: 0e1\r\n"),
    Probe(what: "a length with a blank inside", head: "Content-Length: 0 0\r\n"),
    Probe(what: "a length with other digits", head: "Content-Length: \u{0660}\r\n"),
    Probe(what: "no length", head: "Content-Length:\r\n"),
    Probe(what: "a length of 64 bits", head: "Content-Length: 18446744073709551616\r\n"),
    Probe(what: "a length of 63 bits", head: "Content-Length: 9223372036854775808\r\n"),
    Probe(what: "a huge length", head: "Content-Length: 99999999999999999999999999\r\n"),
    Probe(what: "a length that is only too large", head: "Content-Length: 100000000\r\n"),
    Probe(what: "two lengths", head: "Content-Length: 0\r\nContent-Length: 5\r\n"),
    Probe(what: "the same length twice", head: "Content-Length: 0\r\nContent-Length: 0\r\n"),
    Probe(what: "a length behind a NUL", head: "Content-Length: 0\u{0}5\r\n"),
    Probe(what: "a NUL behind a length", head: "Content-Length: 0\u{0}\r\n"),
    Probe(what: "a length before a blank", head: "Content-Length : 0\r\n"),
    Probe(what: "a length in a folded line", head: "Content-Length:\r\n 0\r\n"),
    Probe(what: "a length behind a bare line feed", head: "X: y\nContent-Length: 0\r\n"),
    Probe(what: "a length behind a bare carriage return", head: "X: y\rContent-Length: 0\r\n"),
    Probe(what: "length and chunks", head: "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunks and length", head: "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked with a NUL behind it", head: "Transfer-Encoding: chunked\u{0}\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked with a NUL before it", head: "Transfer-Encoding: \u{0}chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked behind a vertical tab", head: "Transfer-Encoding: \u{b}chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked behind a form feed", head: "Transfer-Encoding: \u{c}chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked behind a blank of another alphabet", head: "Transfer-Encoding: \u{a0}chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked in a folded line", head: "Transfer-Encoding:\r\n chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked, folded behind another", head: "Transfer-Encoding: gzip,\r\n\tchunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked before a blank", head: "Transfer-Encoding : chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked in quotes", head: "Transfer-Encoding: \"chunked\"\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked twice", head: "Transfer-Encoding: chunked, chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked in two headers", head: "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked and a comma", head: "Transfer-Encoding: chunked,\r\n", body: "0\r\n\r\n"),
    Probe(what: "chunked with a parameter", head: "Transfer-Encoding: chunked;q=1\r\n", body: "0\r\n\r\n"),
    Probe(what: "gzip and chunked", head: "Transfer-Encoding: gzip, chunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "identity", head: "Transfer-Encoding: identity\r\n"),
    Probe(what: "no coding", head: "Transfer-Encoding:\r\n", body: "0\r\n\r\n"),
    Probe(what: "an unknown coding", head: "Transfer-Encoding: xchunked\r\n", body: "0\r\n\r\n"),
    Probe(what: "a chunk's line with a bare line feed", head: chunked, body: "3\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk's end with a bare line feed", head: chunked, body: "3\r\nabc\n0\r\n\r\n"),
    Probe(what: "a last chunk with bare line feeds", head: chunked, body: "0\n\n"),
    Probe(what: "a last line with a bare line feed", head: chunked, body: "0\r\n\n"),
    Probe(what: "a chunk's line with a bare carriage return", head: chunked, body: "3\rabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk with an extension", head: chunked, body: "3;a=b\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "an extension with a line feed", head: chunked, body: "0;\n\r\n\r\n"),
    Probe(what: "a chunk with a blank behind its size", head: chunked, body: "3 \r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk with a blank before its size", head: chunked, body: " 3\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk with a sign", head: chunked, body: "+3\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk of negative size", head: chunked, body: "-1\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk with 0x", head: chunked, body: "0x3\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk without a size", head: chunked, body: "\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk of 2^64 + 3 bytes", head: chunked, body: "10000000000000003\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk of 2^63 + 3 bytes", head: chunked, body: "8000000000000003\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk with a NUL in its size", head: chunked, body: "3\u{0}\r\nabc\r\n0\r\n\r\n"),
    Probe(what: "a chunk that is longer than it says", head: chunked, body: "3\r\nabcd\r\n0\r\n\r\n"),
    Probe(what: "a trailer", head: chunked, body: "0\r\nContent-Length: 5\r\n\r\n"),
    Probe(what: "a header without a colon", head: "Content-Length 0\r\n"),
    Probe(what: "a header without a name", head: ": 0\r\n"),
    Probe(what: "a NUL in a header's name", head: "Content\u{0}-Length: 0\r\n"),
    Probe(what: "a folded line", head: "X: a\r\n b\r\n"),
    Probe(what: "an upgrade to another protocol in a bad line", head: "Upgrade: h2c\nX: y\r\n"),
  ]

  static let chunked = "Transfer-Encoding: chunked\r\n"

  /// How many answers there are.
  private static func answers(_ text: String) -> Int { text.split(separator: "\r\nX-Request-Id: ").count - 1 }

  private func hidden(_ token: String) -> String {
    "POST /processes/web/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
  }

  private func expectOneAnswer(_ server: TestServer, _ bytes: [UInt8], _ what: String, byByte: Bool = false) throws {
    let client = try server.connect()
    defer { client.close() }
    if byByte {
      // The server may have hung up already.
      for byte in bytes { try? client.send([byte]) }
    } else {
      try client.send(bytes)
    }
    let text = try client.readToEnd()
    #expect(Self.answers(text) == 1, "\(what): \(text)")
    let status = Int(text.dropFirst(9).prefix(3)) ?? 0
    #expect([400, 401, 413, 505].contains(status), "\(what): \(text.prefix(60))")
    #expect(server.backend.content.withLock { $0.actions.isEmpty }, "\(what): the hidden request was run")
  }

  @Test("in a body or behind a head that is refused are never run", arguments: probes) func refused(_ probe: Probe) throws {
    let server = try TestServer()
    defer { server.stop() }
    let token = server.token()
    for authorization in ["", "Authorization: Bearer \(token)\r\n"] {
      let request =
        "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(authorization)\(probe.head)\r\n\(probe.body)"
        + hidden(token)
      try expectOneAnswer(server, Array(request.utf8), probe.what)
      try expectOneAnswer(server, Array(request.utf8), "\(probe.what), byte by byte", byByte: true)
    }
  }

  @Test(
    "behind a first line that is none are never run",
    arguments: [
      "GET /healthz HTTP/1.1\nHost: localhost\n\n", "GET /healthz\r\n\r\n",
      "\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /heal\u{0}thz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /healthz HTTP/1.\u{0}1\r\nHost: localhost\r\n\r\n",
      "GET\t/healthz\tHTTP/1.1\r\nHost: localhost\r\n\r\n", " GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1 \r\nHost: localhost\r\n\r\n", "GET /healthz more HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\r\nHost: localhost\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /healthz HTTP/11\r\nHost: localhost\r\n\r\n", "GET /healthz http/1.1\r\nHost: localhost\r\n\r\n",
      "GET ftp://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "GET /healthz HTTP/1.1\r\n\r\n",
      "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
    ]) func firstLine(_ head: String) throws
  {
    let server = try TestServer()
    defer { server.stop() }
    try expectOneAnswer(server, Array((head + hidden(server.token())).utf8), head)
  }

  @Test("garbage behind a request ends the connection with one answer for it") func garbage() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    try client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody")
    try client.send("garbage\r\n" + hidden(server.token()))
    #expect(try client.response().status == 200)
    let rest = try client.readToEnd()
    #expect(rest.hasPrefix("HTTP/1.1 400 "))
    #expect(Self.answers(rest) == 1)
    #expect(server.backend.content.withLock { $0.actions.isEmpty })
  }

  @Test("requests in a row are answered in order, each when the one before it is") func pipelined() throws {
    let server = try TestServer()
    defer { server.stop() }
    let client = try server.connect()
    defer { client.close() }
    let line = #"{"severity":"info","plugin":"p","message":"m"}"#
    let post =
      "POST /log HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(server.token())\r\nContent-Type: application/json\r\n"
      + "Transfer-Encoding: chunked\r\n\r\n5\r\n\(line.prefix(5))\r\n"
      + "\(String(line.utf8.count - 5, radix: 16))\r\n\(line.dropFirst(5))\r\n0\r\n\r\n"
    let get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    try client.send(String(repeating: post + get, count: 50))
    for _ in 0..<50 {
      #expect(try client.response().status == 201)
      #expect(try client.response().status == 200)
    }
  }

  @Test("a body that nobody wants is announced and not sent") func expectation() throws {
    let server = try TestServer()
    defer { server.stop() }
    let head = "POST /log HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
    let client = try server.connect()
    defer { client.close() }
    try client.send(head + "Content-Length: 9\r\n\r\n")
    let text = try client.readToEnd()
    #expect(text.hasPrefix("HTTP/1.1 401 "))
    // Nothing to announce: the answer, and the server goes on with others.
    for request in ["POST /log", "GET /nosuch", "PUT /log"] {
      let empty = try server.connect()
      defer { empty.close() }
      try empty.send(
        "\(request) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
      #expect(try empty.readToEnd().hasPrefix("HTTP/1.1 4"))
      let again = try server.connect()
      defer { again.close() }
      try again.send("\(request) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n")
      #expect(try again.response().status >= 400)
    }
    let good = try server.connect()
    defer { good.close() }
    let line = #"{"severity":"info","plugin":"p","message":"m"}"#
    try good.send(head + "Authorization: Bearer \(server.token())\r\nContent-Length: \(line.utf8.count)\r\n\r\n")
    #expect(try good.head().status == 100)
    try good.send(line)
    #expect(try good.response().status == 201)
  }
}
