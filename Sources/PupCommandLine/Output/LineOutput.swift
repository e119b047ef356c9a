internal import PupLogs

/// Log lines on standard output. Collects, so that a long answer is few writes.
struct LineOutput {
  private var layout: LineLayout
  private var screen: ScreenText
  private var isOpen = true
  /// Lines of which a piece was handed on. JSON lines only: the others are put together.
  private var unfinished: Set<PieceKey> = []

  private struct PieceKey: Hashable {
    var process: String
    var category: String
  }

  /// - Parameter names: of processes that are expected.
  init(_ format: LogFormat, names: [String] = []) {
    layout = LineLayout(format, names: names)
    screen = ScreenText(isTerminal: Terminal.isInteractive && format != .raw, colours: Terminal.hasColours)
  }

  /// False when nobody reads any more.
  mutating func put(_ line: LogLine) -> Bool {
    if layout.format != .json {
      layout.add(ShownLine(line), to: &screen)
    } else {
      let key = PieceKey(process: line.process, category: line.category)
      let isKnown = unfinished.remove(key) != nil
      if line.isPartial { unfinished.insert(key) }
      // The end of a line that nobody has seen is none.
      if !line.isBareEnd || isKnown { screen.add(LineJSON.object(line)) }
    }
    return screen.bytes.count < 64 * 1024 || flush()
  }

  /// Nothing more comes: a line that is still unfinished ends here.
  @discardableResult
  mutating func finish() -> Bool {
    layout.endLine(&screen)
    return flush()
  }

  @discardableResult
  mutating func flush() -> Bool {
    guard isOpen else { return false }
    isOpen = layout.format == .raw ? Terminal.write(raw: screen.bytes) : Terminal.write(screen)
    screen.removeAll()
    return isOpen
  }
}
