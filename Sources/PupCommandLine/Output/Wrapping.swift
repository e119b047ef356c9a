extension String {
  /// Paragraphs, separated by empty lines, with lines of at most so many characters.
  func wrapped(to width: Int) -> String {
    split(separator: "\n\n").map { Self.wrap($0, width) }.joined(separator: "\n\n")
  }

  private static func wrap(_ paragraph: Substring, _ width: Int) -> String {
    var lines: [String] = []
    for word in paragraph.split(whereSeparator: { $0 == " " || $0.isNewline }) {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }
}
