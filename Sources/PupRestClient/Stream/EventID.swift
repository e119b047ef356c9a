/// The place of an event in the stream, `<epoch>-<n>`. Numbers grow within an epoch; a new epoch means that continuity is not certain.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
  public let epoch: String
  public let number: UInt64

  public init(epoch: String, number: UInt64) {
    self.epoch = epoch
    self.number = number
  }

  /// Nil for text of another form.
  public init?(_ text: String) {
    guard let dash = text.lastIndex(of: "-"), dash > text.startIndex, let number = UInt64(text[text.index(after: dash)...]) else {
      return nil
    }
    self.init(epoch: String(text[..<dash]), number: number)
  }

  public var description: String { "\(epoch)-\(number)" }
}
