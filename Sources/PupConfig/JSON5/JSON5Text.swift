internal import PupBasics

/// Writes values as JSON, which is also valid JSON5.
package enum JSON5Text {
  /// A string in double quotes. U+2028 and U+2029, which end a line for editors and older JavaScript parsers, are escaped.
  package static func quoted(_ text: String) -> String {
    let quoted = JSONText.quoted(text)
    guard quoted.unicodeScalars.contains(where: isSeparator) else { return quoted }
    return quoted.unicodeScalars.reduce(into: "") { result, scalar in
      if isSeparator(scalar) {
        result += "\\u" + HexText.digits(UInt64(scalar.value), 4)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{2028}" || scalar == "\u{2029}" }
}
