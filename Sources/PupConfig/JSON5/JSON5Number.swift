/// The value of a JSON5 number. Integers within 64 bits are exact.
package enum JSON5Number: Hashable, Sendable {
  case integer(Int64)
  case real(Double)

  /// Nil if `source` is not a JSON5 number.
  package init?(_ source: some StringProtocol) {
    let isNegative = source.first == "-"
    let magnitude = source.first == "-" || source.first == "+" ? source.dropFirst() : source[...]
    switch magnitude {
    case "Infinity": self = .real(isNegative ? -.infinity : .infinity)
    case "NaN": self = .real(.nan)
    default:
      if magnitude.hasPrefix("0x") || magnitude.hasPrefix("0X") {
        self.init(hexadecimal: magnitude.dropFirst(2), isNegative: isNegative)
      } else {
        self.init(decimal: magnitude, isNegative: isNegative)
      }
    }
  }

  /// The value as an integer if it is one, like `10`, `10.0`, `1e1` and `0xA`.
  package var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .real(let value): Int64(exactly: value)
    }
  }

  package var real: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    }
  }

  private init?(hexadecimal digits: some StringProtocol, isNegative: Bool) {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    if let value = Int64((isNegative ? "-" : "") + digits, radix: 16) {
      self = .integer(value)
    } else {
      let value = digits.reduce(0.0) { $0 * 16 + Double($1.hexDigitValue ?? 0) }
      self = .real(isNegative ? -value : value)
    }
  }

  private init?(decimal text: some StringProtocol, isNegative: Bool) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let exponentParts = (parts.last ?? "").split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "e" || $0 == "E" })
    let whole = parts.count == 2 ? String(parts[0]) : String(exponentParts.first ?? "")
    let fraction = parts.count == 2 ? String(exponentParts.first ?? "") : ""
    guard Self.isDigits(whole), Self.isDigits(fraction), !(whole.isEmpty && fraction.isEmpty) else { return nil }
    guard whole.utf8.count == 1 || whole.utf8.first != UInt8(ascii: "0") else { return nil }
    var exponent = ""
    if exponentParts.count == 2 {
      exponent = String(exponentParts[1])
      let digits = exponent.hasPrefix("+") || exponent.hasPrefix("-") ? exponent.dropFirst() : exponent[...]
      guard !digits.isEmpty, Self.isDigits(digits) else { return nil }
    }
    let sign = isNegative ? "-" : ""
    if fraction.isEmpty, exponent.isEmpty, let value = Int64(sign + whole) {
      self = .integer(value)
      return
    }
    let normal =
      sign + (whole.isEmpty ? "0" : whole) + "." + (fraction.isEmpty ? "0" : fraction) + (exponent.isEmpty ? "" : "e" + exponent)
    guard let value = Double(normal) else { return nil }
    self = .real(value)
  }

  private static func isDigits(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
