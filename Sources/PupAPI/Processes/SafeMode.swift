/// A reduced mode in which the supervisor only keeps processes running
/// and controllable, because too many supervisors before it died.
public struct SafeMode: Hashable, Sendable {
  /// When it began.
  public var since: ISODate
  /// Why it was entered.
  public var reason: String
  /// When it ends by itself, provided that the supervisor survives until then.
  public var ends: ISODate

  /// The safe mode of an instance.
  public init(since: ISODate, reason: String, ends: ISODate) {
    (self.since, self.reason, self.ends) = (since, reason, ends)
  }

  /// What is disabled, for people.
  public static let leftOut = "TCP, file watching, history and named tokens are off"

  /// Start, reason and end, for people.
  public var text: String {
    "safe mode since \(since), because \(reason). \(Self.leftOut); processes and api.sock work. It ends by itself at \(ends) if nothing else happens, "
      + "or immediately with 'pup upgrade' or by killing the supervisor (pup-supervisor)"
  }
}

extension SafeMode: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("since", since)
      $0.member("reason", reason)
      $0.member("ends", ends)
    }
  }
}
