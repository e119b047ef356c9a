/// A page for man(1), in the man(7) macros, which both groff and mandoc support.
package struct ManualPage {
  package private(set) var text: String

  /// - Parameter date: YYYY-MM-DD; shown in the page's footer.
  package init(_ name: String, section: Int, summary: String, version: String, date: String) {
    let title = Self.quoted(name.uppercased())
    text = """
      .\\" Made by pup-generate from the tables behind --help and the configuration's schema; do not edit.
      .TH \(title) \(section) \(date) \(Self.quoted("Pup \(version)")) \(Self.quoted("Pup Manual"))
      .ad l
      .SH NAME
      \(Self.line(name)) \\- \(Self.line(Self.phrase(summary)))

      """
  }

  package mutating func section(_ title: String) { text += ".SH \(Self.quoted(title))\n" }

  package mutating func subsection(_ title: String) { text += ".SS \(Self.quoted(title))\n" }

  /// Plain text; empty lines separate paragraphs, and text in backquotes is set in bold.
  package mutating func paragraphs(_ content: String) {
    for (index, paragraph) in content.split(separator: "\n\n").enumerated() {
      // Directly after a heading, a paragraph needs no macro.
      if index > 0 || !endsWithHeading { text += ".PP\n" }
      text += Self.line(String(paragraph)) + "\n"
    }
  }

  /// A list entry: the term in bold, with its meaning indented below.
  package mutating func entry(_ term: String, _ meaning: String) {
    text += ".TP\n\\fB\(Self.escaped(term))\\fR\n\(Self.line(meaning))\n"
  }

  /// An entry of a list without terms.
  package mutating func item(_ content: String) { text += ".IP \\(bu 3\n\(Self.line(content))\n" }

  /// Lines set verbatim, indented.
  package mutating func literal(_ lines: String) {
    if !endsWithHeading { text += ".PP\n" }
    text += ".RS 4\n.EX\n"
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) { text += Self.guarded(Self.escaped(line)) + "\n" }
    text += ".EE\n.RE\n"
  }

  private var endsWithHeading: Bool {
    let last = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).last
    return last?.hasPrefix(".SH ") == true || last?.hasPrefix(".SS ") == true
  }

  // MARK: - Text

  /// Running text on one line. Line breaks in it are not significant.
  private static func line(_ content: String) -> String {
    let words = content.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    let parts = words.split(separator: "`", omittingEmptySubsequences: false)
    // A pair of backquotes is markup, a single one is a character.
    guard parts.count % 2 == 1 else { return guarded(escaped(words)) }
    return guarded(parts.enumerated().map { $0 % 2 == 0 ? escaped($1) : marked($1) }.joined())
  }

  /// Bold text, without hyphenation.
  private static func marked(_ code: Substring) -> String {
    "\\fB\(code.split(separator: " ").map { "\\%\(escaped($0))" }.joined(separator: " "))\\fR"
  }

  /// Protects a line that roff would otherwise read as a request.
  private static func guarded(_ line: String) -> String {
    line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
  }

  private static func quoted(_ argument: String) -> String { "\"\(escaped(argument))\"" }

  /// Makes every character stand for itself: a hyphen can be copied into a shell, and a quote does not end a macro's argument.
  private static func escaped(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "\"": result += "\\(dq"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "…": result += "..."
      case "–": result += "\\(en"
      default: result.append(character)
      }
    }
    return result
  }

  /// A sentence in the form used after a name: "Start processes." becomes "start processes".
  private static func phrase(_ sentence: String) -> String {
    let phrase = sentence.hasSuffix(".") ? sentence.dropLast() : Substring(sentence)
    return phrase.prefix(1).lowercased() + phrase.dropFirst()
  }
}
