/// Quoting for POSIX shells.
enum ShellText {
  /// Quotes arbitrary text as one word.
  static func quote(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "@%_+=:,./-".utf8.contains(byte)
        }
      }
    if isPlain { return word }
    var text = "'"
    for character in word.unicodeScalars {
      if character == "'" { text += "'\\''" } else { text.unicodeScalars.append(character) }
    }
    return text + "'"
  }

  static func line(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

  /// Assignments for the top of a script.
  static func exports(_ variables: [ServiceVariable]) -> String {
    variables.map { "export \($0.name)=\(quoteAlways($0.value))\n" }.joined()
  }

  /// Quotes unconditionally, because `export A=~` would be expanded.
  private static func quoteAlways(_ value: String) -> String {
    let text = quote(value)
    return text.hasPrefix("'") ? text : "'\(text)'"
  }
}
