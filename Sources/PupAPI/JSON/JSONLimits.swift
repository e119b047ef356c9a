/// Limits for untrusted JSON text.
public struct JSONLimits: Hashable, Sendable {
  /// The maximum length, in bytes.
  public var bytes: Int
  /// The maximum nesting of arrays and objects.
  public var depth: Int

  /// Limits.
  /// - Parameters:
  ///   - bytes: the maximum length.
  ///   - depth: the maximum nesting of arrays and objects.
  public init(bytes: Int = 1 << 20, depth: Int = 64) {
    self.bytes = bytes
    self.depth = depth
  }
}
