/// Text in columns: lined up with spaces, the last one cut at the terminal's edge.
struct Table {
  struct Cell {
    var text: String
    /// An SGR code: 31 is red.
    var colour: Int?

    init(_ text: String, colour: Int? = nil) {
      self.text = text
      self.colour = colour
    }
  }

  struct Column {
    var title: String
    var isNumber = false
  }

  /// Columns below which the last one is left out.
  private static let leastRoom = 16

  var columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// - Parameter width: columns of the terminal; nil cuts nothing.
  func rendered(width: Int?, colours: Bool) -> String {
    var widths = columns.map(\.title.count)
    for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.text.count) } }
    var lines = [columns.map { Cell($0.title, colour: 1) }] + rows
    // A few letters of a sentence say nothing.
    let room = width.map { $0 - widths.dropLast().reduce(0) { $0 + $1 + 2 } } ?? .max
    if columns.count > 1, room < min(Self.leastRoom, widths.last ?? 0) { lines = lines.map { Array($0.dropLast()) } }
    return lines.map { line($0, widths, width, colours) }.joined()
  }

  private func line(_ cells: [Cell], _ widths: [Int], _ width: Int?, _ colours: Bool) -> String {
    var text = ""
    var used = 0
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      let room = width.map { max(0, min(widths[index], $0 - used)) } ?? widths[index]
      let shown = Self.cut(cell.text, to: room)
      let gap = String(repeating: " ", count: room - shown.count)
      let coloured = colours && !shown.isEmpty ? cell.colour.map { "\u{1B}[\($0)m\(shown)\u{1B}[0m" } ?? shown : shown
      text += columns[index].isNumber ? gap + coloured : isLast ? coloured : coloured + gap
      used += widths[index] + 2
      if isLast || width.map({ used >= $0 }) ?? false { break }
      text += "  "
    }
    while text.hasSuffix(" ") { text.removeLast() }
    return text + "\n"
  }

  private static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : width < 2 ? String(text.prefix(width)) : text.prefix(width - 1) + "…"
  }
}
