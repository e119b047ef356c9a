/// Where a line may be cut into pieces.
enum PieceEnd {
  /// How many bytes at the end belong to an escape sequence or a character that is not complete yet.
  static func unfinished(_ bytes: UnsafePointer<UInt8>, _ count: Int, hasEscapes: Bool = true) -> Int {
    let tail = hasEscapes ? EscapeSequence.unfinishedTail(bytes, count) : 0
    return tail > 0 ? tail : unfinishedCharacter(bytes, count)
  }

  /// At most three: an incomplete UTF-8 character.
  static func unfinishedCharacter(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    var back = 1
    while back <= min(3, count) {
      let byte = bytes[count - back]
      if byte & 0xC0 != 0x80 {
        let length =
          switch byte {
          case 0xC2...0xDF: 2
          case 0xE0...0xEF: 3
          case 0xF0...0xF4: 4
          default: 1
          }
        return length > back ? back : 0
      }
      back += 1
    }
    return 0
  }
}
