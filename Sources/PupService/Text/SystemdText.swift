internal import PupBasics

/// Quoting for unit files: see systemd.syntax(7), and systemd.service(5) for command lines.
enum SystemdText {
  /// A word of a command line. `$` begins a variable there, except in the first word.
  static func argument(_ word: String) -> String { quote(word, dollar: "$$") }
  static func program(_ path: String) -> String { quote(path, dollar: "$") }

  static func command(_ words: [String]) -> String {
    ([program(words.first ?? "")] + words.dropFirst().map(argument)).joined(separator: " ")
  }

  /// `Environment=`
  static func assignment(_ variable: ServiceVariable) -> String { quote("\(variable.name)=\(variable.value)", dollar: "$") }

  /// For settings that take the rest of the line literally; nil if the text cannot be represented there.
  static func line(_ text: String) -> String? {
    let isTrimmed = text.first == " " || text.last == " "
    // A trailing backslash would continue the line.
    guard !isTrimmed, !text.hasSuffix("\\"), !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      return nil
    }
    return percent(text)
  }

  /// `%` starts a specifier almost everywhere.
  private static func percent(_ text: String) -> String {
    text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%")
  }

  private static func quote(_ text: String, dollar: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "%": quoted += "%%"
      case "$": quoted += dollar
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        quoted += "\\x" + HexText.digits(UInt64(scalar.value), 2)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
