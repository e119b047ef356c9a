/// What a text may contain. NUL is never allowed: such a text could neither be passed to a program nor name a file.
package struct SchemaTextRule: Sendable {
  package enum Pattern: Sendable {
    case any
    /// Letters, digits and `@ . _ -`.
    case name
    /// The same, starting with a letter, a digit or `@`, so that an id is a safe file name.
    case id
    /// `http://` or `https://`, a host and an optional port, with nothing after it.
    case origin
  }

  package var length: ClosedRange<Int>
  package var pattern: Pattern

  package init(length: ClosedRange<Int> = 0...65_536, pattern: Pattern = .any) {
    self.length = length
    self.pattern = pattern
  }
}

extension SchemaTextRule.Pattern {
  /// An ECMA 262 regular expression, as JSON Schema requires.
  var regularExpression: String? {
    switch self {
    case .any: nil
    case .name: "^[A-Za-z0-9@._-]+$"
    case .id: "^[A-Za-z0-9@][A-Za-z0-9@._-]*$"
    case .origin: "^https?://[^/ ]+$"
    }
  }

  func matches(_ text: String) -> Bool {
    switch self {
    case .any: true
    case .name: text.utf8.allSatisfy(Self.isNameByte)
    case .id: text.utf8.allSatisfy(Self.isNameByte) && !"._-".utf8.contains(text.utf8.first ?? UInt8(ascii: "-"))
    case .origin:
      ["http://", "https://"].contains { scheme in
        text.hasPrefix(scheme) && text.utf8.count > scheme.utf8.count
          && text.utf8.dropFirst(scheme.utf8.count).allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") }
      }
    }
  }

  /// A description of what is allowed.
  var explanation: String {
    switch self {
    case .any: ""
    case .name: "use letters, digits and @ . _ - only"
    case .id: "use letters, digits and @ . _ - only, and start with a letter, a digit or @"
    case .origin: "write only the scheme and host, as in https://panel.example.org"
    }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
