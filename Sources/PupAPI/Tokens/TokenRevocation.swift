/// The body of `POST /tokens/revoke`: `{"id": "…"}` for one token, `{"consumer": "…"}` for all tokens of a consumer.
public enum TokenRevocation: Hashable, Sendable {
  /// The token with this `jti`, even if it is not listed.
  case id(String)
  /// Compared after trimming, ignoring case.
  case consumer(String)
}

extension TokenRevocation: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      switch self {
      case .id(let id): $0.member("id", id)
      case .consumer(let consumer): $0.member("consumer", consumer)
      }
    }
  }
}

extension TokenRevocation: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    switch (try fields.optionalString("id"), try fields.optionalString("consumer")) {
    case (let id?, nil):
      guard !id.isEmpty else { throw fields.wrong("id", "the id of a token") }
      self = .id(id)
    case (nil, let consumer?):
      guard ConsumerName.isVisible(consumer) else { throw fields.wrong("consumer", "the name of a consumer") }
      self = .consumer(consumer)
    case (nil, nil): throw PupError(.invalidBody, "id or consumer is missing: which token should be revoked?")
    case (.some, .some): throw PupError(.invalidBody, "both id and consumer are given; name only one of them")
    }
  }
}
