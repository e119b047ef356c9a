internal import PupAPI

/// What `pup status --watch` shows at the moment: the rows, their order, and how far down they are scrolled.
struct StatusScreen {
  /// Lines that stay, above and below.
  private(set) var header: [ScreenText] = []
  private(set) var footer: [ScreenText] = []
  /// Each row with what stands below it.
  private var rows: [[ScreenText]] = []
  private(set) var order = StatusTable.Order.listed
  private var first = 0
  /// Rows that the last picture had room for.
  private var shown = 1

  static let keys = "j/k space/b scroll   sort: c cpu  m memory  n name  r restarts  l list   q quit"

  /// - Parameter table: begins with the titles; what stands below a row is indented.
  mutating func show(_ table: ScreenText, above header: ScreenText, below footer: String) {
    let lines = table.lines
    self.header = header.lines + lines.prefix(1)
    self.footer = ScreenText(footer).lines
    rows = lines.dropFirst().reduce(into: []) { rows, line in
      if line.text.hasPrefix(Table.indent), !rows.isEmpty { rows[rows.count - 1].append(line) } else { rows.append([line]) }
    }
  }

  /// - Returns: true when it was `q`.
  mutating func press(_ key: Key) -> Bool {
    switch key {
    case .character("q"), .character("Q"): return true
    case .character("j"), .down: first += 1
    case .character("k"), .up: first -= 1
    case .character(" "), .character("f"), .pageDown: first += shown
    case .character("b"), .pageUp: first -= shown
    case .character("g"), .home: first = 0
    case .character("G"), .end: first = rows.count
    case .character(let letter):
      guard let order = StatusTable.Order(key: letter) else { return false }
      self.order = order
      first = 0
    }
    first = max(0, first)
    return false
  }

  /// What fits into so many lines.
  mutating func picture(height: Int, width: Int) -> [ScreenText] {
    let all = header.count + rows.reduce(0) { $0 + $1.count } + footer.count
    var keys = ScreenText(colours: Terminal.hasColours)
    keys.add(String(Self.keys.prefix(width)), colour: 90)
    if all + 1 <= height {
      (first, shown) = (0, max(rows.count, 1))
      return header + rows.joined() + footer + [keys]
    }
    // The titles and a row at least; a window as small as that has no room for more.
    let room = height - header.count - footer.count - 2
    guard room >= 1 else { return Array((header.suffix(1) + rows.joined()).prefix(max(height, 1))) }
    first = min(first, lastStart(room))
    var (lines, count): ([ScreenText], Int) = ([], 0)
    for row in rows.dropFirst(first) {
      guard lines.count + row.count <= room || lines.isEmpty else { break }
      lines += row.prefix(room - lines.count)
      count += 1
    }
    shown = max(count, 1)
    let place = ScreenText("… \(first + 1) to \(first + count) of \(rows.count)")
    return header + lines + [place] + footer + [keys]
  }

  /// From where on all rows to the end fit.
  private func lastStart(_ room: Int) -> Int {
    var (left, start) = (room, rows.count)
    while start > 0, rows[start - 1].count <= left {
      left -= rows[start - 1].count
      start -= 1
    }
    return min(start, max(rows.count - 1, 0))
  }
}
