internal import PupLogs
internal import PupSystem

/// Text on its way to standard output or standard error. On a terminal, what others wrote (programs, configurations, names of
/// files) is made visible as it is added; colours and movements are Pup's own, and come in only by their numbers and as literals.
struct ScreenText {
  let isTerminal: Bool
  let hasColours: Bool
  private(set) var bytes: [UInt8] = []

  /// - Parameter isTerminal: true for text that is visible wherever it goes, such as a table's.
  init(isTerminal: Bool = true, colours: Bool = false) {
    self.isTerminal = isTerminal
    hasColours = isTerminal && colours
  }

  init(_ text: String, isTerminal: Bool = true) {
    self.init(isTerminal: isTerminal)
    add(text)
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// - Parameter colour: an SGR code; 31 is red.
  mutating func add(_ text: String, colour: Int? = nil) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0), colour: colour) }
  }

  mutating func add(_ added: [UInt8], colour: Int? = nil) { added.withUnsafeBytes { add($0, colour: colour) } }

  private mutating func add(_ added: UnsafeRawBufferPointer, colour: Int?) {
    guard !added.isEmpty else { return }
    let shownColour = hasColours ? colour : nil
    if let shownColour { bytes += "\u{1B}[\(shownColour)m".utf8 }
    if isTerminal { TerminalText.append(added, to: &bytes) } else { bytes += added }
    if shownColour != nil { bytes += "\u{1B}[0m".utf8 }
  }

  /// Movements, clearing: for terminals alone.
  mutating func add(control: StaticString) {
    if isTerminal { control.withUTF8Buffer { bytes += $0 } }
  }

  mutating func add(_ other: ScreenText) {
    if isTerminal, !other.isTerminal { add(other.bytes) } else { bytes += other.bytes }
  }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  mutating func removeTrailingBlanks() {
    while bytes.last == UInt8(ascii: " ") { bytes.removeLast() }
  }

  /// Colours begin and end within a line.
  var lines: [ScreenText] {
    var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    return pieces.map { piece in
      var line = ScreenText(isTerminal: isTerminal, colours: hasColours)
      line.bytes = Array(piece)
      return line
    }
  }
}

extension String {
  /// What a terminal would act on is visible, and the text is one line: for tables and sentences.
  var visibleLine: String { TerminalText.visibleLine(self) }
}
