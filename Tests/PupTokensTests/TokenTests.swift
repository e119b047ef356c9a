import Glibc
import PupAPI
import PupTestSupport
import Synchronization
import Testing

@testable import PupTokens

@Suite("Tokens") struct TokenTests {
  private let secret = TokenSecret(text: "your-512-bit-secret-your-512-bit-secret")

  private func authenticate(_ token: String, now: Int64 = 1000) throws -> Principal {
    try Authorizer(secret: secret) { now }.authenticate(token: token)
  }

  @Test("HMAC-SHA512 as in RFC 4231, test case 2") func signature() {
    let mac = TokenSecret(text: "Jefe").signature(of: "what do ya want for nothing?")
    #expect(Array(mac.prefix(8)) == [0x16, 0x4B, 0x7A, 0x7B, 0xFC, 0xF8, 0x19, 0xE2])
    #expect(mac.count == 64)
  }

  @Test("a token carries consumer, scopes, id and end") func roundTrip() throws {
    let token = WebToken(consumer: "c", scopes: [.read, .controlOf(glob: "web-*")], tokenID: "t", expires: 2000)
    #expect(
      try authenticate(token.signed(with: secret))
        == Principal(consumer: "c", scopes: [.read, .controlOf(glob: "web-*")], tokenID: "t", expires: 2000))
    #expect(try authenticate(WebToken(consumer: "c", expires: nil).signed(with: secret)).scopes == [.admin])
  }

  @Test("an id says whether its token was signed with the secret in use") func marks() {
    let other = TokenSecret(text: "another-512-bit-secret-another-512-bit-secret")
    let ids = (0..<100).map { _ in TokenID.random(markedBy: secret) }
    #expect(Set(ids).count == ids.count)
    for id in ids {
      #expect(!TokenID.isVoid(id, with: secret) && TokenID.isVoid(id, with: other) && TokenID.isVoid(id, with: nil))
    }
    // Those that were made elsewhere, or by an earlier build, may be good.
    for id in [TokenID.random(), "", "7", "not base64!", String(repeating: "A", count: 40)] {
      #expect(!TokenID.isVoid(id, with: secret) && !TokenID.isVoid(id, with: nil))
    }
  }

  private func signed(_ head: String, _ payload: String) -> String {
    let text = "\(Base64.encodeURL(Array(head.utf8))).\(Base64.encodeURL(Array(payload.utf8)))"
    return "\(text).\(Base64.encodeURL(secret.signature(of: text)))"
  }

  @Test("only HS512, only whole and untouched tokens") func forgeries() throws {
    let head = #"{"alg":"HS512","typ":"JWT"}"#
    let payload = #"{"data":{"consumer":"c"},"exp":2000}"#
    let good = signed(head, payload)
    #expect(try authenticate(good).consumer == "c")
    let parts = good.split(separator: ".")
    let none = Base64.encodeURL(Array(#"{"alg":"none"}"#.utf8))
    let admin = Base64.encodeURL(Array(#"{"data":{"consumer":"admin"},"exp":2000}"#.utf8))
    let bad: [String] = [
      "", ".", "..", good + ".", good + "x", String(good.dropLast()), "\(none).\(parts[1]).", "\(none).\(parts[1]).\(parts[2])",
      "\(parts[0]).\(admin).\(parts[2])", signed(#"{"alg":"none"}"#, payload), signed(#"{"alg":"HS256"}"#, payload),
      signed(#"{"alg":"hs512"}"#, payload), signed(#"{"alg":"HS512","crit":["x"]}"#, payload), signed(head, "[]x"),
      signed(head, #"{"data":{"consumer":"c"},"exp":"soon"}"#), signed(head, #"{"data":{"consumer":"c"},"exp":1e300}"#),
      signed(head, #"{"data":{"consumer":"c"},"scopes":"admin"}"#), good + String(repeating: "A", count: 5000),
      WebToken(consumer: "c", expires: 2000).signed(with: TokenSecret(text: "another")),
    ]
    for token in bad { #expect(throws: AuthenticationFailure.invalid, "\(token)") { try authenticate(token) } }
    for payload in [#"{"exp":2000}"#, #"{"data":{"consumer":" "},"exp":2000}"#, #"{"data":{"consumer":5}}"#] {
      #expect(throws: AuthenticationFailure.noConsumer) { try authenticate(signed(head, payload)) }
    }
    #expect(try authenticate(good, now: 2060).consumer == "c")
    #expect(throws: AuthenticationFailure.expired) { try authenticate(good, now: 2061) }
    #expect(try authenticate(signed(head, #"{"data":{"consumer":"c"},"scopes":["future"]}"#)).scopes.isEmpty)
  }

  @Test("scopes allow what they say", arguments: Permission.allCases) func scopes(_ permission: Permission) {
    #expect(Authorizer.allows([.admin], permission, .instance))
    let scope = TokenScope(text: permission.rawValue)
    for other in Permission.allCases {
      let allowed = scope.map { Authorizer.allows([$0], other, .instance) } ?? false
      #expect(allowed == (permission == .admin || other == permission))
    }
  }

  @Test(
    "control can be limited to some processes",
    arguments: [
      ("web-*", "web-1", true), ("web-*", "WEB-1", true), ("web-*", "db", false), ("w?b", "web", true), ("*", "x", true),
      ("web", "web1", false),
      ("*a*a*a*b", String(repeating: "a", count: 128), false),
    ])
  func globs(_ glob: String, _ id: String, _ expected: Bool) {
    #expect(Authorizer.allows([.controlOf(glob: glob)], .control, .process(id)) == expected)
    #expect(Authorizer.allows([.controlOf(glob: glob)], .control, .allProcesses) == (glob == "*"))
    // A plugin may have the name of a process.
    #expect(!Authorizer.allows([.controlOf(glob: glob)], .control, .plugin(id)))
  }

  @Test("a refusal names the globs that do not fit") func refusal() throws {
    let authorizer = Authorizer(secret: secret) { 1000 }
    func words(_ scopes: Set<TokenScope>, _ resource: Resource) -> String? {
      do throws(PupError) { try authorizer.authorize(Principal(consumer: "c", scopes: scopes), .control, resource) } catch {
        return error.message
      }
      return nil
    }
    #expect(
      words([.controlOf(glob: "cl")], .process("cl-2")) == #"this token is limited to control:cl, which does not cover "cl-2""#)
    #expect(words([.controlOf(glob: "b"), .controlOf(glob: "a")], .allProcesses)?.contains("control:a, control:b") == true)
    #expect(
      words([.controlOf(glob: "*")], .plugin("on-call"))
        == #"this token is limited to control:*, which does not cover the plugin "on-call""#)
    #expect(words([.read], .process("x")) == #"this token lacks the scope "control""#)
    #expect(words([.controlOf(glob: "cl-*")], .process("cl-2")) == nil)
  }

  @Test("where nobody knows who is revoked, only Pup's own tokens count") func trust() throws {
    let authorizer = Authorizer(secret: secret) { 1000 }
    authorizer.trustOnlyOwn()
    func token(_ consumer: String) -> String { WebToken(consumer: consumer, expires: 1060).signed(with: secret) }
    for own in ["cli", "cli:root", "telemetry-web"] {
      #expect(try authorizer.authenticate(token: token(own)).consumer == own)
    }
    #expect(throws: AuthenticationFailure.revoked) { try authorizer.authenticate(token: token("dashboard")) }
  }

  @Test("the secret's file is made once, private, and refused when it is not") func file() throws {
    let folder = try TemporaryFolder()
    let path = folder.at(".main.secret")
    let first = try TokenSecret.load(path: path)
    var info = stat()
    #expect(stat(path, &info) == 0)
    #expect(info.st_mode & 0o777 == 0o600)
    #expect(info.st_size == 88, "64 bytes in base64")
    let token = WebToken(consumer: "c", expires: nil).signed(with: first)
    let second = try TokenSecret.load(path: path)
    #expect(try Authorizer(secret: second).authenticate(token: token).consumer == "c")
    chmod(path, 0o640)
    #expect(throws: TokenSecretError.self) { try TokenSecret.load(path: path) }
    chmod(path, 0o600)
    truncate(path, 5)
    #expect(throws: TokenSecretError.self) { try TokenSecret.load(path: path) }
  }

  @Test("base64 for URLs has one form only", arguments: ["A", "AB=", "AB==", "A+/B", "AAAAA", "AB"]) func base64(_ text: String) {
    // "AB" has bits set that no byte claims.
    #expect(Base64.decodeURL(text[...]) == nil)
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      #expect(Base64.decodeURL(Base64.encodeURL(bytes)[...]) == bytes)
    }
  }

  @Test("what is remembered of a token does not outlive its end, its revocation, its secret") func remembered() throws {
    let clock = Mutex<Int64>(1000)
    let authorizer = Authorizer(secret: secret) { clock.withLock { $0 } }
    let header = "Bearer " + WebToken(consumer: "c", tokenID: "t", expires: 2000).signed(with: secret)
    func authenticate() throws -> Principal { try authorizer.authenticate(header: header) }
    let first = try authenticate()
    #expect(try authenticate() == first)
    authorizer.setRevoked(consumers: [], tokenIDs: ["t"])
    #expect(throws: AuthenticationFailure.revoked) { try authenticate() }
    authorizer.setRevoked(consumers: [])
    #expect(try authenticate() == first)
    clock.withLock { $0 = 2061 }
    #expect(throws: AuthenticationFailure.expired) { try authenticate() }
    clock.withLock { $0 = 1000 }
    authorizer.rotate(TokenSecret(text: String(repeating: "n", count: 88)))
    #expect(throws: AuthenticationFailure.invalid) { try authenticate() }
    #expect(authorizer.isRevoked(first))
    authorizer.rotate(secret)
    let again = try authenticate()
    #expect(!authorizer.isRevoked(again) && authorizer.isRevoked(first))
    // More than are kept.
    for number in 0..<200 {
      let token = WebToken(consumer: "c\(number)", expires: nil).signed(with: secret)
      for _ in 0..<2 { #expect(try authorizer.authenticate(token: token).consumer == "c\(number)") }
    }
  }
}
