import PupTestSupport
import Testing

@testable import PupRestClient

@Suite struct SSEParserTests {
  private func frames(_ text: String) throws -> [SSEFrame] {
    var parser = SSEParser()
    var frames: [SSEFrame] = []
    try parser.feed(text.utf8) { frames.append($0) }
    return frames
  }

  @Test(arguments: [
    ("data: a\n\n", [SSEFrame(event: "message", data: "a", id: "")]),
    ("data:a\r\ndata:  b\r\n\r\n", [SSEFrame(event: "message", data: "a\n b", id: "")]),
    ("event: x\rid: e-1\rdata\r\r", [SSEFrame(event: "x", data: "", id: "e-1")]),
    ("\u{FEFF}data: a\n\n", [SSEFrame(event: "message", data: "a", id: "")]),
    (": comment\n:\ndata: a\n\n", [SSEFrame(event: "message", data: "a", id: "")]),
    ("event: x\n\ndata: y\n\n", [SSEFrame(event: "message", data: "y", id: "")]),
    (
      "id: 1\ndata: a\n\ndata: b\n\n",
      [SSEFrame(event: "message", data: "a", id: "1"), SSEFrame(event: "message", data: "b", id: "1")]
    ),
    (
      "id: 1\ndata: a\n\nid\ndata: b\n\n",
      [SSEFrame(event: "message", data: "a", id: "1"), SSEFrame(event: "message", data: "b", id: "")]
    ),
    ("id: a\0b\ndata: x\n\n", [SSEFrame(event: "message", data: "x", id: "")]),
    ("dataset: a\nDATA: b\n\n", []), ("data: never ended", []), ("data: never ended\n", []), ("\n\n\n", []),
  ])
  func textsOfTheStandard(_ text: String, _ expected: [SSEFrame]) throws {
    #expect(try frames(text) == expected)
  }

  @Test(arguments: [
    ("retry: 10\n", 10), ("retry: 1x\n", nil), ("retry:\n", nil), ("retry: -1\n", nil), ("retry: 99999999999999999999\n", nil),
  ])
  func theDelayIsDigitsOnly(_ text: String, _ expected: Int?) throws {
    var parser = SSEParser()
    try parser.feed(text.utf8) { _ in }
    #expect(parser.retry == expected)
  }

  @Test func anEventThatWasCutIsNotSeen() throws {
    var parser = SSEParser(lastID: "e-1")
    try parser.feed("id: e-2\ndata: x\n".utf8) { _ in Issue.record("it has not ended") }
    #expect(parser.lastID == "e-1")
    try parser.feed("\n".utf8) { _ in }
    #expect(parser.lastID == "e-2")
  }

  @Test func linesAndEventsAreBounded() throws {
    var line = SSEParser(longest: 100)
    #expect(throws: SSEParser.TooLong.self) { try line.feed(repeatElement(UInt8(ascii: "x"), count: 101)) { _ in } }
    var event = SSEParser(longest: 100)
    #expect(throws: SSEParser.TooLong.self) {
      for _ in 0..<60 { try event.feed("data: x\n".utf8) { _ in } }
    }
  }

  /// However the bytes are split, and whatever they are: the same events and no crash.
  @Test func cutsMakeNoDifference() throws {
    var random = SeededGenerator(seed: 11)
    let pieces = ["data", ":", " ", "\n", "\r", "\r\n", "id", "event", "retry", "x", "é", "\u{FEFF}", "12", "\0", "\n\n"].map {
      Array($0.utf8)
    }
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<Int(random.next() % 60) {
        if random.next() % 12 == 0 {
          bytes.append(UInt8(truncatingIfNeeded: random.next()))
        } else {
          bytes += pieces[Int(random.next() % UInt64(pieces.count))]
        }
      }
      var whole = SSEParser()
      var expected: [SSEFrame] = []
      try whole.feed(bytes) { expected.append($0) }
      var parts = SSEParser()
      var found: [SSEFrame] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = min(rest.count, Int(random.next() % 4) + 1)
        try parts.feed(rest.prefix(count)) { found.append($0) }
        rest = rest.dropFirst(count)
      }
      #expect(found == expected)
      #expect(parts.lastID == whole.lastID)
      #expect(parts.retry == whole.retry)
    }
  }
}
