/// What a text from outside may cost.
public struct JSONLimits: Hashable, Sendable {
  public var bytes: Int
  /// Arrays and objects inside each other.
  public var depth: Int

  public init(bytes: Int = 1 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }
}
