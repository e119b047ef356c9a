/// The place of an event in the stream, `<epoch>-<n>`. Numbers grow within an epoch; a new epoch means that continuity is not certain.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
  /// Changes whenever continuity is not certain.
  public let epoch: String
  /// Grows within an epoch; numbers may be left out.
  public let number: UInt64

  /// A place in the stream.
  /// - Parameters:
  ///   - epoch: letters and digits.
  ///   - number: within the epoch.
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

  /// `<epoch>-<number>`, as `Last-Event-ID` takes it.
  public var description: String { "\(epoch)-\(number)" }
}
