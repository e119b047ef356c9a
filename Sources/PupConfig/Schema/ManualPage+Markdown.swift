extension ManualPage {
  /// Adds a section written in Markdown: headings, paragraphs, lists, two-column tables, code blocks and links; nothing else.
  mutating func markdown(_ text: String) {
    var block: [Substring] = []
    var isCode = false
    for line in (text + "\n").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if isCode { literal(block.joined(separator: "\n")) } else { add(block) }
        block = []
        isCode.toggle()
      } else if line.isEmpty, !isCode {
        add(block)
        block = []
      } else {
        block.append(line)
      }
    }
  }

  /// A block of lines without an empty one in between.
  private mutating func add(_ block: [Substring]) {
    guard let first = block.first else { return }
    if first.hasPrefix("#") {
      section(first.drop { $0 == "#" || $0 == " " }.uppercased())
      add(Array(block.dropFirst()))
    } else if first.hasPrefix("|") {
      // Skip the column names and the separator line.
      for row in block.dropFirst(2) {
        let cells = row.split(separator: "|").map { String($0.drop { $0 == " " }) }
        if cells.count >= 2 { entry(Self.unmarked(cells[0]), Self.withoutLinks(cells[1])) }
      }
    } else if first.hasPrefix("- ") {
      var items: [String] = []
      for line in block {
        if line.hasPrefix("- ") { items.append(String(line.dropFirst(2))) } else { items[items.count - 1] += " \(line)" }
      }
      for item in items { self.item(Self.withoutLinks(item)) }
    } else {
      paragraphs(Self.withoutLinks(block.joined(separator: "\n")))
    }
  }

  private static func unmarked(_ cell: String) -> String {
    String(withoutLinks(cell).filter { $0 != "`" }.reversed().drop { $0 == " " }.reversed())
  }

  /// Replaces `[text](target)` by its text.
  private static func withoutLinks(_ text: String) -> String {
    var rest = Substring(text)
    var result = ""
    while let middle = rest.firstRange(of: "]("), let end = rest[middle.upperBound...].firstIndex(of: ")"),
      let begin = rest[..<middle.lowerBound].lastIndex(of: "[")
    {
      result += rest[..<begin] + rest[rest.index(after: begin)..<middle.lowerBound]
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }
}
