/// What a text from outside may cost.
public struct JSONLimits: Hashable, Sendable {
  /// The longest text, in bytes.
  public var bytes: Int
  /// Arrays and objects inside each other.
  public var depth: Int

  /// Limits.
  /// - Parameters:
  ///   - bytes: the longest text.
  ///   - depth: most arrays and objects inside each other.
  public init(bytes: Int = 1 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }
}
