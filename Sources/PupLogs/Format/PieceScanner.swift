internal import Glibc

/// Walks over a batch, one line or piece of a line at a time.
struct PieceScanner {
  struct Piece {
    let start: UnsafePointer<UInt8>
    /// Without the line feed.
    let length: Int
    /// The line continues in the next piece.
    let continues: Bool
  }

  private let base: UnsafePointer<UInt8>
  private let count: Int
  private let endsOpen: Bool
  private let hasEscapes: Bool
  private(set) var position = 0

  init?(_ batch: borrowing LineBatch) {
    guard let address = batch.bytes.baseAddress else { return nil }
    base = address.assumingMemoryBound(to: UInt8.self)
    count = batch.bytes.count
    endsOpen = batch.endsOpen
    hasEscapes = batch.hasEscapes
  }

  var isAtEnd: Bool { position >= count }

  /// Takes all of the rest in one step.
  mutating func finish() { position = count }

  /// What `next` has not returned yet.
  var rest: (start: UnsafePointer<UInt8>, length: Int) { (base + position, count - position) }

  mutating func skip(_ length: Int) { position += length }

  mutating func next() -> Piece? {
    guard position < count else { return nil }
    let start = base + position
    let rest = count - position
    if let found = memchr(start, Int32(LineFormat.lineFeed), min(rest, LineFormat.maximumText + 1)) {
      let length = UnsafeRawPointer(found) - UnsafeRawPointer(start)
      position += length + 1
      return Piece(start: start, length: length, continues: false)
    }
    guard rest > LineFormat.maximumText else {
      position = count
      return Piece(start: start, length: rest, continues: endsOpen)
    }
    let tail = PieceEnd.unfinished(start, LineFormat.maximumText, hasEscapes: hasEscapes)
    let length = LineFormat.maximumText - (tail < LineFormat.maximumText ? tail : 0)
    position += length
    return Piece(start: start, length: length, continues: true)
  }
}
