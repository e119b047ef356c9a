/// The position of an event in the stream, `<epoch>-<n>`. Numbers increase
/// within an epoch; a new epoch means that continuity is not guaranteed.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
  /// Changes whenever continuity is not guaranteed.
  public let epoch: String
  /// Increases within an epoch, possibly with gaps.
  public let number: UInt64

  /// A position in the stream.
  /// - Parameters:
  ///   - epoch: letters and digits.
  ///   - number: within the epoch.
  public init(epoch: String, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  /// Nil for text in any other form.
  public init?(_ text: String) {
    guard let dash = text.lastIndex(of: "-"), dash > text.startIndex, let number = UInt64(text[text.index(after: dash)...]) else {
      return nil
    }
    self.init(epoch: String(text[..<dash]), number: number)
  }

  /// `<epoch>-<number>`, as used in `Last-Event-ID`.
  public var description: String { "\(epoch)-\(number)" }
}
