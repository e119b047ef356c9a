/// What was typed while a screen is shown.
enum Key: Hashable, Sendable {
  case character(Character)
  case up, down, pageUp, pageDown, home, end

  /// The keys in a block of bytes from the terminal. What is no key is passed over.
  static func read(_ bytes: some Collection<UInt8>) -> [Key] {
    var keys: [Key] = []
    var rest = Array(bytes)[...]
    while let first = rest.first {
      if first == 0x1B, let (key, length) = sequence(rest) {
        if let key { keys.append(key) }
        rest = rest.dropFirst(length)
        continue
      }
      if (0x20..<0x7F).contains(first) { keys.append(.character(Character(UnicodeScalar(first)))) }
      rest = rest.dropFirst()
    }
    return keys
  }

  /// `ESC [ A`, `ESC O A`, `ESC [ 5 ~`; nil where ESC begins none.
  private static func sequence(_ bytes: ArraySlice<UInt8>) -> (Key?, length: Int)? {
    let rest = bytes.dropFirst()
    guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { return nil }
    let parameters = rest.dropFirst().prefix { (0x30...0x3F).contains($0) }
    guard let final = rest.dropFirst(1 + parameters.count).first else { return (nil, bytes.count) }
    let length = 3 + parameters.count
    switch (final, String(decoding: parameters, as: UTF8.self)) {
    case (UInt8(ascii: "A"), _): return (.up, length)
    case (UInt8(ascii: "B"), _): return (.down, length)
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): return (.home, length)
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): return (.end, length)
    case (UInt8(ascii: "~"), "5"): return (.pageUp, length)
    case (UInt8(ascii: "~"), "6"): return (.pageDown, length)
    default: return (nil, length)
    }
  }
}
