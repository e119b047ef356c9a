public import PupAPI

/// An element of the event stream.
public enum PupEvent: Hashable, Sendable {
  /// `id` is nil for events that are not replayed.
  case event(EventPayload, id: EventID?)
  /// An event of a kind unknown to this version.
  case other(name: String, data: JSONValue, id: EventID?)
  /// Events were missed.
  case lost(LostEvents)
  /// The stream is connected (again). Nothing was missed unless `lost` follows.
  case connected
  /// The stream was disconnected and reconnects by itself.
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
    /// It arrived, but this version cannot decode it.
    case unreadable(String)
  }

  /// The first number; nil if unknown.
  public var from: UInt64?
  /// The last number; nil if unknown.
  public var to: UInt64?
  /// The number of events; nil if unknown.
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
