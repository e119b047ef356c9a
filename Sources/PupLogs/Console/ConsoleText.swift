internal import PupSystem

/// What the console of `pup run` shows of a line on a terminal. Programs keep their colors: SGR sequences pass. Other sequences
/// (movement, titles, modes, queries) are removed, as in log files, and single control characters are made visible.
enum ConsoleText {
  static func append(_ start: UnsafePointer<UInt8>, _ length: Int, to target: inout [UInt8], endsLine: Bool, passesColors: Bool) {
    var length = length
    // A program that ends its lines with "\r\n".
    if endsLine, length > 0, start[length - 1] == 0x0D { length -= 1 }
    var at = 0
    while at < length {
      let begin = at
      while at < length, start[at] != EscapeSequence.escape { at += 1 }
      TerminalText.append(UnsafeRawBufferPointer(start: start + begin, count: at - begin), to: &target)
      guard at < length else { return }
      let size: Int
      switch EscapeSequence.match(start + at, length - at) {
      case .whole(let count): size = count
      // Its introducer is removed: what follows is text and not lost.
      case .unfinished: size = min(2, length - at)
      }
      let sequence = UnsafeBufferPointer(start: start + at, count: size)
      if passesColors, isColor(sequence) { target += sequence }
      at += size
    }
  }

  /// `ESC [ 1 ; 31 m`
  private static func isColor(_ sequence: UnsafeBufferPointer<UInt8>) -> Bool {
    guard sequence.count >= 3, sequence[1] == UInt8(ascii: "["), sequence.last == UInt8(ascii: "m") else { return false }
    return sequence.dropFirst(2).dropLast().allSatisfy { (0x30...0x3B).contains($0) }
  }
}
