package enum HexText {
  /// At least `width` hexadecimal digits, with leading zeros.
  package static func digits(_ value: UInt64, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
