/// Text in columns: lined up with spaces. Where the terminal is too narrow, columns that say nothing go first; then the last one is cut, or
/// stands below its row.
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

  /// Characters below which the last column says nothing on the row's own line.
  private static let leastRoom = 16
  /// Of the last column where it stands below its row.
  static let indent = "    "

  var columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// - Parameter width: columns of the terminal; nil cuts nothing.
  func rendered(width: Int?, colours: Bool) -> String {
    let widths = widths
    guard let width, widths.reduce(-2, { $0 + $1 + 2 }) > width else { return laidOut(widths, width, colours) }
    let table = withoutEmptyColumns
    return table.laidOut(table.widths, width, colours)
  }

  private var widths: [Int] {
    var widths = columns.map(\.title.count)
    for row in rows { for (index, cell) in row.enumerated() { widths[index] = max(widths[index], cell.text.count) } }
    return widths
  }

  /// The first column and the last one stay.
  private var withoutEmptyColumns: Table {
    let kept = columns.indices.filter { index in
      index == 0 || index == columns.count - 1 || rows.contains { $0[index].text != "-" }
    }
    var table = Table(kept.map { columns[$0] })
    for row in rows { table.add(kept.map { row[$0] }) }
    return table
  }

  private func laidOut(_ widths: [Int], _ width: Int?, _ colours: Bool) -> String {
    let lines = [columns.map { Cell($0.title, colour: 1) }] + rows
    let room = width.map { $0 - widths.dropLast().reduce(0) { $0 + $1 + 2 } } ?? .max
    guard let width, columns.count > 1, room < min(Self.leastRoom, widths.last ?? 0) else {
      return lines.map { line($0, widths, width, colours) }.joined()
    }
    // A few letters of a sentence say nothing: it gets lines of its own.
    return lines.enumerated().map { index, cells in
      line(Array(cells.dropLast()), widths, width, colours) + (index == 0 ? "" : below(cells.last, width, colours))
    }.joined()
  }

  /// Nothing where even that is too narrow.
  private func below(_ cell: Cell?, _ width: Int, _ colours: Bool) -> String {
    let room = width - Self.indent.count
    guard let cell, room >= Self.leastRoom, cell.text != "-" else { return "" }
    return cell.text.wrapped(to: room).split(separator: "\n").map { part in
      let shown = Self.cut(String(part), to: room)
      return Self.indent + (colours ? cell.colour.map { "\u{1B}[\($0)m\(shown)\u{1B}[0m" } ?? shown : shown) + "\n"
    }.joined()
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
