/// A message between programs: the body of `POST /ipc`, and the payload of the event `ipc`.
public struct IPCMessage: Hashable, Sendable {
  /// The consumer of the token that it was sent with; what a client writes here does not count.
  public var sender: String
  /// The id of the process that is meant. Everybody who may read `ipc` sees the message.
  public var target: String
  /// What the message is about; programs agree on the words.
  public var event: String
  /// Any value, also a falsy one.
  public var eventData: JSONValue?

  /// A message.
  /// - Parameter sender: what a client gives here is replaced by its token's consumer.
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
    self.init(
      sender: try fields.optionalString("sender") ?? "", target: try fields.string("target"),
      event: try fields.string("event"), eventData: fields.object["eventData"])
  }
}
