/// The body of `POST /tokens`: `{"consumer": "dashboard", "scopes": ["read", "logs"], "expiresIn": 3600}`.
public struct TokenRequest: Hashable, Sendable {
  /// Maximum length of a consumer's name, in characters (Unicode scalars).
  public static let longestConsumer = 128
  /// Maximum number of scopes per token.
  public static let mostScopes = 64

  /// Maximum lifetime, in seconds: a hundred years.
  public static let longestLife: Int64 = 3_155_760_000

  /// The user of the token, as named in revocations and the access log. Not blank.
  public var consumer: String
  /// `read`, `logs`, `log`, `control`, `control:<glob of process ids>`, `telemetry`,
  /// `ipc`, `plugins` and `admin`. Nil for a token with full access; never empty.
  public var scopes: [String]?
  /// Seconds from now, at least 1; nil for a token that does not expire.
  public var expiresIn: Int64?

  /// A request.
  public init(consumer: String, scopes: [String]? = nil, expiresIn: Int64? = nil) {
    self.consumer = consumer
    self.scopes = scopes
    self.expiresIn = expiresIn
  }
}

extension TokenRequest: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("consumer", consumer)
      $0.member("scopes", ifPresent: scopes)
      $0.member("expiresIn", ifPresent: expiresIn)
    }
  }
}

extension TokenRequest: JSONDecodable {
  /// Checks formats and lengths; only the server knows which words are scopes.
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    let consumer = try fields.string("consumer")
    guard consumer.unicodeScalars.count <= Self.longestConsumer, ConsumerName.isVisible(consumer),
      consumer.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else {
      throw fields.wrong(
        "consumer", "a name of 1 to \(Self.longestConsumer) characters that is not blank and has no control characters")
    }
    let scopes = try fields.optionalStrings("scopes")
    if let scopes {
      guard 1...Self.mostScopes ~= scopes.count else {
        throw fields.wrong(
          "scopes", "a list of 1 to \(Self.mostScopes) scopes; leave it out for a token with full access")
      }
    }
    let expiresIn = try fields.optionalInteger("expiresIn")
    if let expiresIn, !(1...Self.longestLife ~= expiresIn) {
      throw fields.wrong("expiresIn", "1 to \(Self.longestLife) seconds; leave it out for a token that does not expire")
    }
    self.init(consumer: consumer, scopes: scopes, expiresIn: expiresIn)
  }
}
