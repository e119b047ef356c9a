internal import PupAPI
internal import PupLogs
internal import PupSystem

/// Puts lines together in one of the formats for people.
///
/// A line that arrives in pieces is put together here, too: it stays open until its end has come, or something else. A piece that
/// comes behind something else has a line of its own, which begins with "…".
struct LineLayout {
  let format: LogFormat
  /// Whose line is unfinished.
  private var open: (process: String, category: String)?
  private var clock: LocalClock
  /// Grows with the names that come.
  private var nameWidth: Int

  private static let tagWidth = 5
  /// A longer name moves its own line only.
  private static let widestName = 20
  private static let shortestName = 4

  /// - Parameter names: of processes that are expected.
  init(_ format: LogFormat, names: [String] = [], now: LogTime = LogTime(microseconds: Clock.wallMicroseconds)) {
    self.format = format
    clock = LocalClock(today: now)
    nameWidth = min(names.map(\.count).max() ?? 0, Self.widestName)
    nameWidth = max(nameWidth, Self.shortestName)
  }

  mutating func add(_ line: ShownLine, to screen: inout ScreenText) {
    let goesOn = line.isContinued && open.map { $0 == (line.process, line.category) } ?? false
    if goesOn {
      addText(line, to: &screen)
    } else {
      // The end of a line of which nothing is open here.
      if line.isContinued, line.text.isEmpty { return }
      endLine(&screen)
      addBeginning(line, to: &screen)
    }
    open = line.isPartial ? (line.process, line.category) : nil
    if !line.isPartial { screen.add("\n") }
  }

  /// Nothing more of the unfinished line comes.
  mutating func endLine(_ screen: inout ScreenText) {
    if open != nil { screen.add("\n") }
    open = nil
  }

  private mutating func addBeginning(_ line: ShownLine, to screen: inout ScreenText) {
    switch format {
    case .raw: screen.add(line.text)
    case .short: addShort(line, to: &screen)
    case .long, .json: addLong(line, to: &screen)
    }
  }

  /// `17:25:24 WARN  web   text`
  private mutating func addShort(_ line: ShownLine, to screen: inout ScreenText) {
    let name = line.process.visibleLine
    if name.count <= Self.widestName { nameWidth = max(nameWidth, name.count) }
    screen.add(clock.text(line.time), colour: 90)
    screen.add(" ")
    screen.add(line.tag.text.padded(to: Self.tagWidth), colour: line.tag.colour)
    screen.add(" ")
    screen.add(name.padded(to: nameWidth), colour: ProcessColour.of(line.process))
    screen.add("  ")
    addText(line, to: &screen)
  }

  /// `2026-11-21T08:15:30.123456Z [LOG] [web:stdout] text`
  private func addLong(_ line: ShownLine, to screen: inout ScreenText) {
    screen.add(line.isToTheMillisecond ? ISODate(microseconds: line.time.microseconds).text : Timestamp.text(line.time))
    screen.add(" ")
    screen.add("[\(line.tag.text)]", colour: line.tag.colour)
    screen.add(" ")
    if !line.category.isEmpty {
      screen.add("[\(line.process):\(line.category)]", colour: ProcessColour.of(line.process))
      screen.add(" ")
    }
    addText(line, to: &screen)
  }

  private func addText(_ line: ShownLine, to screen: inout ScreenText) {
    if line.isContinued, open == nil, format != .raw { screen.add("…", colour: 90) }
    // What ends a line with "\r\n" has no line break of its own here.
    if screen.isTerminal, line.text.last == 0x0D {
      screen.add(Array(line.text.dropLast()), colour: line.colour)
    } else {
      screen.add(line.text, colour: line.colour)
    }
  }
}
