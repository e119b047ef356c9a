import PupAPI
import Testing

@Suite("JSON") struct JSONParserTests {
  @Test(
    "reads and writes back, order kept",
    arguments: [
      "null", "true", "[]", "{}", "[1,-2,0,9223372036854775807]", #"{"b":1,"a":{"c":[null,false]}}"#, #""a\"\\\n\u0001ü€😀""#,
      "[1.5,-0.25]",
    ])
  func roundTrip(_ text: String) throws {
    #expect(try JSONValue(parsing: text).jsonText == text)
  }

  @Test("understands every escape") func escapes() throws {
    #expect(try JSONValue(parsing: #""\u0041\/\b\f\r\t\ud83d\ude00""#) == "A/\u{8}\u{C}\r\t😀")
    #expect(try JSONValue(parsing: " [ 1e2 , 3.0 ] ").arrayValue?.map(\.integerValue) == [100, 3])
  }

  @Test(
    "reports what is wrong, and where",
    arguments: [
      ("", 1, 1), ("{\"a\":1,}", 1, 8), ("[1,]", 1, 4), ("[1\n,\n x]", 3, 2), ("01", 1, 1), ("1.", 1, 3), ("-", 1, 2),
      ("tru", 1, 1),
      ("\"a", 1, 1), ("\"\\x\"", 1, 2), (#""\ud800""#, 1, 2), (#""\ud800A""#, 1, 2), ("{\"a\":1,\"a\":2}", 1, 8), ("1 2", 1, 3),
      ("\"\u{1}\"", 1, 2), ("1e999", 1, 1), ("NaN", 1, 1), ("{a:1}", 1, 2), ("// x\n1", 1, 1),
    ])
  func problems(_ text: String, _ line: Int, _ column: Int) {
    let problem = #expect(throws: JSONProblem.self) { try JSONValue(parsing: text) }
    #expect(problem.map { [$0.line, $0.column] } == [line, column])
  }

  @Test("refuses invalid UTF-8") func encoding() {
    #expect(throws: JSONProblem.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    #expect(throws: JSONProblem.self) { try JSONValue(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test("is bounded in depth and size") func limits() throws {
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    _ = try JSONValue(parsing: deep)
    #expect(throws: JSONProblem.self) { try JSONValue(parsing: "[\(deep)]") }
    #expect(throws: JSONProblem.self) { try JSONValue(parsing: String(repeating: "[", count: 1_000_000)) }
    #expect(throws: JSONProblem.self) { try JSONValue(parsing: "[1,2]", limits: JSONLimits(bytes: 4)) }
  }
}
