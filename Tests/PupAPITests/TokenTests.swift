import PupAPI
import Testing

@Suite struct TokenTests {
  private let date = ISODate(milliseconds: 1_795_000_000_123)

  private func returns<Value: JSONEncodable & JSONDecodable & Equatable>(_ value: Value) throws -> Bool {
    try Value(jsonBytes: value.jsonBytes) == value
  }

  @Test func whatIsWrittenIsRead() throws {
    #expect(try returns(TokenRequest(consumer: "dashboard")))
    #expect(try returns(TokenRequest(consumer: "dashboard", scopes: ["read", "control:web-*"], expiresIn: 60)))
    #expect(try returns(TokenCreated(token: "a.b.c", id: "7", consumer: "dashboard", scopes: ["admin"])))
    #expect(try returns(TokenCreated(token: "a.b.c", id: "7", consumer: "dashboard", scopes: [], expires: date)))
    #expect(try returns(TokenInfo(id: "7", consumer: "x", scopes: ["read"], created: date)))
    #expect(try returns(TokenInfo(id: "7", consumer: "x", scopes: [], created: date, expires: date, revoked: date)))
    #expect(try returns(TokenInfo(id: "7", consumer: "x", scopes: [], created: date, void: "made before")))
    #expect(try returns(TokenRevocation.id("7")))
    #expect(try returns(TokenRevocation.consumer("x y")))
    #expect(try returns(SecretRotated(token: "a.b.c")))
  }

  @Test func membersAreNamedAsTheInterfaceSays() {
    let info = TokenInfo(id: "7", consumer: "x", scopes: ["read"], created: date, expires: date)
    #expect(
      info.jsonText
        == #"{"id":"7","consumer":"x","scopes":["read"],"created":"2026-11-18T11:06:40.123Z","expires":"2026-11-18T11:06:40.123Z"}"#
    )
    #expect(
      TokenRequest(consumer: "x", scopes: ["read"], expiresIn: 5).jsonText
        == #"{"consumer":"x","scopes":["read"],"expiresIn":5}"#)
    #expect(TokenRevocation.consumer("x").jsonText == #"{"consumer":"x"}"#)
  }

  @Test(arguments: [
    (#"{}"#, "consumer"), (#"{"consumer":" "}"#, "consumer"), (#"{"consumer":""}"#, "consumer"), (#"{"consumer":7}"#, "consumer"),
    (#"{"consumer":"a\nb"}"#, "consumer"), (#"{"consumer":"x","scopes":[]}"#, "scopes"),
    (#"{"consumer":"x","scopes":"read"}"#, "scopes"), (#"{"consumer":"x","scopes":[1]}"#, "scopes"),
    (#"{"consumer":"x","expiresIn":0}"#, "expiresIn"), (#"{"consumer":"x","expiresIn":1.5}"#, "expiresIn"),
    (#"{"consumer":"x","expiresIn":-5}"#, "expiresIn"),
    ("{\"consumer\":\"\(String(repeating: "x", count: 129))\"}", "consumer"),
  ])
  func requestsThatAreNone(_ text: String, _ field: String) {
    let error = #expect(throws: PupError.self) { try TokenRequest(jsonBytes: Array(text.utf8)) }
    #expect(error?.code == .invalidBody)
    #expect(error?.message.contains(field) == true)
  }

  @Test(arguments: [
    #"{}"#, #"{"id":"7","consumer":"x"}"#, #"{"id":""}"#, #"{"consumer":"  "}"#, #"{"id":7}"#, #"[]"#,
    #"{"consumer":"x","id":[]}"#,
  ])
  func revocationsThatAreNone(_ text: String) {
    let error = #expect(throws: PupError.self) { try TokenRevocation(jsonBytes: Array(text.utf8)) }
    #expect(error?.code == .invalidBody)
  }

  @Test("names are compared by code points, and their length is counted in code points") func names() throws {
    let accent = "\u{20}\u{301}"
    #expect(try TokenRequest(jsonBytes: Array(#"{"consumer":"\#(accent)"}"#.utf8)).consumer == accent)
    #expect(ConsumerName.folded(" \u{3000}A\u{301} \n") == "a\u{301}")
    #expect(!ConsumerName.folded(accent).isEmpty)
    let long = String(repeating: "\u{4e00}", count: TokenRequest.longestConsumer)
    #expect(try TokenRequest(jsonBytes: Array(#"{"consumer":"\#(long)"}"#.utf8)).consumer == long)
    #expect(throws: PupError.self) { try TokenRequest(jsonBytes: Array(#"{"consumer":"\#(long)x"}"#.utf8)) }
    // Tokens may have been made elsewhere for names that we would not accept: they must be revocable.
    #expect(try TokenRevocation(jsonBytes: Array(#"{"consumer":"\#(long)\#(long)"}"#.utf8)) == .consumer(long + long))
    #expect(try ConsumerName(jsonBytes: Array(#"{"consumer":"x","scopes":7}"#.utf8)).text == "x")
  }

  @Test func noTextHasTheTokenInIt() {
    let created = TokenCreated(token: "the.secret.one", id: "7", consumer: "x", scopes: ["read"])
    let rotated = SecretRotated(token: "the.secret.one")
    var dumped = ""
    dump(created, to: &dumped)
    dump([rotated], to: &dumped)
    for text in ["\(created)", String(reflecting: created), "\([created])", "\(rotated)", String(reflecting: rotated), dumped] {
      #expect(!text.contains("secret"))
    }
  }
}
