/// A message between programs: the body of `POST /ipc` and the payload of `ipc` events.
public struct IPCMessage: Hashable, Sendable {
  /// Maximum length of `eventData`, in bytes of JSON.
  public static let longestData = 256 << 10
  /// Maximum length of `target` and `event`, in characters (Unicode scalars).
  public static let longestName = 256

  /// The consumer of the token it was sent with; a value set by the client is ignored.
  public var sender: String
  /// The id of the target process. Everyone who may read `ipc` sees the message.
  public var target: String
  /// The message's subject; programs agree on the names.
  public var event: String
  /// Any value, including a falsy one.
  public var eventData: JSONValue?

  /// A message. A sender given by a client is replaced by its token's consumer.
  public init(sender: String, target: String, event: String, eventData: JSONValue?) {
    self.sender = sender
    self.target = target
    self.event = event
    self.eventData = eventData
  }
}

extension IPCMessage: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("sender", sender)
      $0.member("target", target)
      $0.member("event", event)
      $0.member("eventData", ifPresent: eventData)
    }
  }
}

extension IPCMessage: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    let (target, event, data) = (try fields.string("target"), try fields.string("event"), fields.object["eventData"])
    for (name, text) in [("target", target), ("event", event)] where text.unicodeScalars.count > Self.longestName {
      throw fields.wrong(name, "at most \(Self.longestName) characters long")
    }
    if let data, data.jsonBytes.count > Self.longestData {
      throw fields.wrong("eventData", "at most \(Self.longestData) bytes of JSON")
    }
    self.init(sender: try fields.optionalString("sender") ?? "", target: target, event: event, eventData: data)
  }
}
