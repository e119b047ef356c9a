/// Text in columns: lined up with spaces. Where the terminal is too narrow, columns that say nothing go first; then the last one
/// is cut, or stands below its row.
struct Table {
  struct Cell {
    var text: String
    /// An SGR code: 31 is red.
    var colour: Int?
    /// Shown as far as the row has room; no line of its own.
    var isMinor = false
    /// Says nothing; shown as "-".
    let isEmpty: Bool

    /// Made visible here, so that the widths are those of what is shown.
    init(_ text: String?, colour: Int? = nil, isMinor: Bool = false) {
      isEmpty = text == nil
      self.text = text?.visibleLine ?? "-"
      self.colour = colour
      self.isMinor = isMinor
    }
  }

  struct Column {
    var title: String
    var isNumber = false
    /// Where there is no room, its cells lose their middle before others are cut.
    var canShrink = false
  }

  /// Characters below which the last column says nothing on the row's own line.
  private static let leastRoom = 16
  /// Of a column that shrinks.
  private static let leastShrunk = 12
  /// Of the last column where it stands below its row.
  static let indent = "    "

  var columns: [Column]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// - Parameter width: columns of the terminal; nil cuts nothing.
  func rendered(width: Int?, colours: Bool) -> ScreenText {
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
      index == 0 || index == columns.count - 1 || rows.contains { !$0[index].isEmpty }
    }
    var table = Table(kept.map { columns[$0] })
    for row in rows { table.add(kept.map { row[$0] }) }
    return table
  }

  private func laidOut(_ wanted: [Int], _ width: Int?, _ colours: Bool) -> ScreenText {
    let lines = [columns.map { Cell($0.title, colour: 1) }] + rows
    let widths = width.map { shrunk(wanted, to: $0) } ?? wanted
    let room = width.map { $0 - widths.dropLast().reduce(0) { $0 + $1 + 2 } } ?? .max
    guard let width, columns.count > 1, room < min(Self.leastRoom, widths.last ?? 0) else {
      return lines.reduce(into: ScreenText(colours: colours)) { add($1, widths, width, to: &$0) }
    }
    // A few letters of a sentence say nothing: it gets lines of its own.
    var text = ScreenText(colours: colours)
    for (index, cells) in lines.enumerated() {
      add(Array(cells.dropLast()), widths, width, to: &text)
      if index > 0 { addBelow(cells.last, width, to: &text) }
    }
    return text
  }

  /// Columns that can shrink do until the others fit, the last one apart.
  private func shrunk(_ widths: [Int], to width: Int) -> [Int] {
    var widths = widths
    var excess = widths.dropLast().reduce(-2) { $0 + $1 + 2 } - width
    for (index, column) in columns.enumerated().dropLast() where column.canShrink && excess > 0 {
      let cut = min(excess, max(0, widths[index] - Self.leastShrunk))
      widths[index] -= cut
      excess -= cut
    }
    return widths
  }

  /// Nothing where even that is too narrow.
  private func addBelow(_ cell: Cell?, _ width: Int, to text: inout ScreenText) {
    let room = width - Self.indent.count
    guard let cell, room >= Self.leastRoom, !cell.isEmpty, !cell.isMinor else { return }
    for part in cell.text.wrapped(to: room).split(separator: "\n") {
      text.add(Self.indent)
      text.add(Self.cut(String(part), to: room), colour: cell.colour)
      text.add("\n")
    }
  }

  private func add(_ cells: [Cell], _ widths: [Int], _ width: Int?, to text: inout ScreenText) {
    var used = 0
    for (index, cell) in cells.enumerated() {
      let isLast = index == cells.count - 1
      let room = width.map { max(0, min(widths[index], $0 - used)) } ?? widths[index]
      let shown = columns[index].canShrink ? Self.shortened(cell.text, to: room) : Self.cut(cell.text, to: room)
      let gap = String(repeating: " ", count: room - shown.count)
      if columns[index].isNumber { text.add(gap) }
      text.add(shown, colour: cell.colour)
      if !columns[index].isNumber, !isLast { text.add(gap) }
      used += widths[index] + 2
      if isLast || width.map({ used >= $0 }) ?? false { break }
      text.add("  ")
    }
    text.removeTrailingBlanks()
    text.add("\n")
  }

  private static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : width < 2 ? String(text.prefix(width)) : text.prefix(width - 1) + "…"
  }

  /// Beginning and end: names that are alike differ in their last characters.
  private static func shortened(_ text: String, to width: Int) -> String {
    guard text.count > width, width >= 5 else { return cut(text, to: width) }
    let tail = (width - 1) / 2
    return text.prefix(width - 1 - tail) + "…" + text.suffix(tail)
  }
}
