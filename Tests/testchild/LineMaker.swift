/// Numbered lines: "out 1 ID xxx…", without any allocation per line.
struct LineMaker {
  private let head: [UInt8]
  private let tail: [UInt8]
  private let length: Int
  /// The number as decimal digits, the last ones first.
  private var digits: [UInt8] = [UInt8(ascii: "0")]
  private(set) var number: UInt64 = 0

  /// - Parameter length: of the whole line with its newline; longer ones are not cut.
  init(word: String, id: String, length: Int) {
    head = Array("\(word) ".utf8)
    tail = Array(" \(id)".utf8)
    self.length = length
  }

  /// Appends the next line, newline included.
  mutating func append(to buffer: inout [UInt8]) {
    number += 1
    increment()
    let start = buffer.count
    buffer.append(contentsOf: head)
    buffer.append(contentsOf: digits.reversed())
    buffer.append(contentsOf: tail)
    let missing = length - (buffer.count - start) - 1
    if missing > 0 {
      buffer.append(UInt8(ascii: " "))
      buffer.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: missing - 1))
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  private mutating func increment() {
    for index in digits.indices {
      if digits[index] < UInt8(ascii: "9") {
        digits[index] += 1
        return
      }
      digits[index] = UInt8(ascii: "0")
    }
    digits.append(UInt8(ascii: "1"))
  }
}
