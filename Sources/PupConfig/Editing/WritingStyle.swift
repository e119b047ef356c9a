/// The style in which a configuration is written, so that additions look like the rest.
struct WritingStyle: Hashable, Sendable {
  var newline = "\n"
  /// One level of indentation.
  var unit = "  "
  /// Nil if keys are written without quotes.
  var keyQuote: Character? = "\""
  var textQuote: Character = "\""
  /// Separates key and value.
  var colon = ": "
  /// Inside the braces of a one-line object.
  var padding = " "
  var isMultiline = true
  /// No optional whitespace.
  var isCompact = false
  /// Objects in the list have each member on its own line.
  var itemIsMultiline = true
  /// The last member of a multi-line container is followed by a comma.
  var trailingComma = false

  func memberIndent(below indent: String) -> String { indent + unit }

  // MARK: - Writing

  func text(of value: OrderedValue, at place: ItemPlace = .oneLine) -> String {
    switch value {
    case .boolean(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .text(let text): return quoted(text, textQuote)
    case .list(let elements): return "[" + elements.map { self.text(of: $0) }.joined(separator: isCompact ? "," : ", ") + "]"
    case .object(let members):
      let texts = members.map { key($0.name) + colon + text(of: $0.value) }
      guard case .lines(let closing, let indent) = place, !texts.isEmpty else {
        return texts.isEmpty ? "{}" : "{" + padding + texts.joined(separator: isCompact ? "," : ", ") + padding + "}"
      }
      return "{" + newline + texts.map { indent + $0 }.joined(separator: "," + newline) + (trailingComma ? "," : "") + newline
        + closing + "}"
    }
  }

  func key(_ name: String) -> String {
    if let keyQuote { return quoted(name, keyQuote) }
    let isPlain =
      !name.isEmpty && name.utf8.first.map { $0 &- 0x30 > 9 } == true
      && name.utf8.allSatisfy { byte in
        byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || byte &- 0x30 <= 9 || byte == 0x5F || byte == 0x24)
      }
    return isPlain ? name : quoted(name, textQuote)
  }

  private func quoted(_ text: String, _ quote: Character) -> String {
    let doubled = JSON5Text.quoted(text)
    guard quote == "'" else { return doubled }
    // Text that contains single quotes gets double quotes even in a file that uses single ones.
    if text.contains("'") { return doubled }
    return "'" + doubled.dropFirst().dropLast().split(separator: "\\\"", omittingEmptySubsequences: false).joined(separator: "\"")
      + "'"
  }
}
