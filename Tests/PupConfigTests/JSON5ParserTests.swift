import PupConfig
import Testing

@Suite struct JSON5ParserTests {
  /// The tree as compact JSON, for comparison.
  private func compact(_ text: String) -> String {
    let document = JSON5Document(Array(text.utf8))
    #expect(document.problems.isEmpty, "\(document.problems)")
    return document.nodes.isEmpty ? "" : compact(document, JSON5Document.root)
  }

  private func compact(_ document: JSON5Document, _ node: Int) -> String {
    switch document.nodes[node].kind {
    case .object:
      var members: [String] = []
      document.forEachMember(of: node) {
        members.append(JSON5Text.quoted(document.text(of: $0)) + ":" + compact(document, $1))
      }
      return "{" + members.joined(separator: ",") + "}"
    case .array: return "[" + document.elements(of: node).map { compact(document, $0) }.joined(separator: ",") + "]"
    case .string: return JSON5Text.quoted(document.text(of: node))
    case .number, .true, .false, .null, .identifier, .invalid: return document.source(of: node)
    }
  }

  @Test(arguments: [
    ("{}", "{}"), (" [ ] ", "[]"), ("null", "null"), ("[1,2,]", "[1,2]"), ("{a:1,}", "{\"a\":1}"),
    ("{'a b':'x','c':\"y\"}", "{\"a b\":\"x\",\"c\":\"y\"}"), ("[true,false,null]", "[true,false,null]"),
    ("{$schema:1,_b2:2,åäö:3,\\u0061b:4}", "{\"$schema\":1,\"_b2\":2,\"åäö\":3,\"ab\":4}"),
    ("// c\n{/* d */a/**/:/* e */1// f\n}", "{\"a\":1}"), ("\u{FEFF}{a:1}", "{\"a\":1}"),
    ("\u{A0}\u{2003}[\u{2028}1\u{3000}]\u{B}\u{C}", "[1]"), ("[Infinity,-Infinity,+NaN]", "[Infinity,-Infinity,+NaN]"),
    ("[.5,5.,+1,-0x1F,1e3,1.5E-2]", "[.5,5.,+1,-0x1F,1e3,1.5E-2]"), ("{a:{b:[{c:[]}]}}", "{\"a\":{\"b\":[{\"c\":[]}]}}"),
    ("{\"null\":null,true:true,NaN:1}", "{\"null\":null,\"true\":true,\"NaN\":1}"),
  ])
  func reads(_ text: String, _ expected: String) {
    #expect(compact(text) == expected)
  }

  @Test(arguments: [
    (#"'a\'b'"#, "a'b"), (#""a\"b""#, "a\"b"), (#""\n\t\r\b\f\v\\\/""#, "\n\t\r\u{8}\u{C}\u{B}\\/"), (#""\x41\u00e5""#, "Aå"),
    (#""\ud83d\ude00""#, "😀"), (#""\0""#, "\0"), ("'a\\\nb'", "ab"), ("'a\\\r\nb'", "ab"), ("'a\\\u{2028}b'", "ab"),
    (#""\q\å""#, "qå"), ("'\u{2028}'", "\u{2028}"), ("\"\"", ""), ("'日本語'", "日本語"),
  ])
  func decodesText(_ source: String, _ expected: String) throws {
    let document = JSON5Document(Array(source.utf8))
    #expect(document.problems.isEmpty)
    #expect(document.text(of: JSON5Document.root) == expected)
    #expect(document.isText(JSON5Document.root, expected))
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("42", 42), ("+7", 7), ("0xFF", 255), ("-0x10", -16), ("1e3", 1000), ("2.50e1", 25), ("10.0", 10),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9007199254740993", 9_007_199_254_740_993),
    ] as [(String, Int64)])
  func readsIntegersExactly(_ source: String, _ expected: Int64) {
    #expect(JSON5Number(source)?.integer == expected)
  }

  @Test(arguments: [
    "", "-", ".", "+.", "01", "-007", "1.2.3", "1e", "1e+", "0x", "0xG", "--1", "1_000", "infinity", "1.5e2.5", "0b1",
  ])
  func refusesWhatIsNoNumber(_ source: String) {
    #expect(JSON5Number(source) == nil)
  }

  @Test(arguments: [
    ("1.5", 1.5), (".5", 0.5), ("5.", 5), ("-1.25e2", -125), ("1e400", .infinity),
    ("0x1FFFFFFFFFFFFFFFF", 36_893_488_147_419_103_232),
  ])
  func readsReals(_ source: String, _ expected: Double) {
    #expect(JSON5Number(source)?.real == expected)
  }

  /// An editor replaces byte ranges: nodes, comments and the bytes between them make up the whole text.
  @Test func losesNothing() {
    let text = "// head\n{ a: 1, /* b */ 'b': [2, 3,], // c\n}\n"
    let document = JSON5Document(Array(text.utf8))
    #expect(document.comments.map { String(decoding: document.bytes[$0], as: UTF8.self) } == ["// head", "/* b */", "// c"])
    #expect(
      document.nodes.map { String(decoding: document.bytes[$0.range], as: UTF8.self) }.prefix(5) == [
        "{ a: 1, /* b */ 'b': [2, 3,], // c\n}", "a", "1", "'b'", "[2, 3,]",
      ])
    #expect(document.nodes.indices.map(document.keyPath(to:)) == ["", "a", "a", "b", "b", "b[0]", "b[1]"])
  }

  @Test func mapsCharactersOfATextToItsSource() throws {
    let document = JSON5Document(Array("{ a: \"x\\u0041é\\\nz\" }".utf8))
    let node = try #require(document.value(of: "a", in: JSON5Document.root))
    #expect((0...5).map { document.sourceOffset(ofCharacter: $0, in: node) } == [6, 7, 13, 17, 18, 18])
  }
}
