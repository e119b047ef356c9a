/// The body of `POST /tokens/revoke`: `{"id": "…"}` for one token, `{"consumer": "…"}` for all that a consumer has.
public enum TokenRevocation: Hashable, Sendable {
  /// The token with this `jti`, also one that is not listed.
  case id(String)
  /// Compared trimmed and without regard to case.
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
    case (nil, nil): throw PupError(.invalidBody, "id or consumer is missing: which token is to be revoked?")
    case (.some, .some): throw PupError(.invalidBody, "id and consumer are both there; name one of them")
    }
  }
}
