public import PupAPI

/// What a stream brings.
public enum PupEvent: Hashable, Sendable {
  /// `id` is nil for what is told once and cannot be told again.
  case event(EventPayload, id: EventID?)
  /// A kind of event that this version does not know.
  case other(name: String, data: JSONValue, id: EventID?)
  /// Events were missed.
  case lost(LostEvents)
  /// The stream is there (again). Nothing was missed unless `lost` follows.
  case connected
  /// The stream is gone, and is tried again by itself.
  case disconnected(PupError)
}

/// Events that this reader will not see.
public struct LostEvents: Hashable, Sendable {
  /// Why they will not be seen.
  public enum Reason: Hashable, Sendable {
    /// The server no longer has them.
    case server
    /// The program read too slowly; the client's own buffer was full.
    case slowReader
    /// It came, but this version cannot read it.
    case unreadable(String)
  }

  /// The first and the last number; nil where they are not known.
  public var from: UInt64?
  /// The last number; nil where it is not known.
  public var to: UInt64?
  /// Nil where it is not known.
  public var count: UInt64?
  /// Why they will not be seen.
  public var reason: Reason

  /// A gap.
  /// - Parameters:
  ///   - from: the first number.
  ///   - to: the last number.
  ///   - count: how many.
  ///   - reason: why they will not be seen.
  public init(from: UInt64?, to: UInt64?, count: UInt64?, reason: Reason) {
    self.from = from
    self.to = to
    self.count = count
    self.reason = reason
  }
}
