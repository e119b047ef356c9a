/// The place of an event in the stream, `<epoch>-<n>`. The epoch changes whenever it is not certain that nothing was missed.
package struct EventID: Hashable, Sendable {
  package var epoch: String
  package var sequence: UInt64

  package init(epoch: String, sequence: UInt64) {
    self.epoch = epoch
    self.sequence = sequence
  }

  package init?(text: String) {
    guard text.utf8.count <= 64, let dash = text.lastIndex(of: "-"), dash > text.startIndex,
      let number = UInt64(text[text.index(after: dash)...])
    else { return nil }
    epoch = String(text[..<dash])
    sequence = number
  }

  package var text: String { "\(epoch)-\(sequence)" }
}
