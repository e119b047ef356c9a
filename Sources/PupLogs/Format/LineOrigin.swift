internal import PupBasics
internal import PupSystem

/// Who wrote a batch of lines: what precedes each of them, besides the time. Made once per stream.
struct LineOrigin {
  /// As it is shown.
  let process: String
  /// Of lines that do not state their own.
  let severity: LogSeverity
  let category: [UInt8]
  /// Where a program wrote it; nil for lines of Pup's own.
  let stream: OutputStream?
  /// Of lines of Pup's own.
  let tone: LogTone
  /// The kind of the event that says the same.
  let event: String?
  /// Lines may have a level of their own.
  let detects: Bool
  /// Written to standard error.
  let isError: Bool
  /// " log stdout ": what follows the timestamp in the store, for each severity.
  private let storePrefixes: [[UInt8]]

  init(
    process: String, severity: LogSeverity, category: String, detects: Bool = false, tone: LogTone = .ordinary,
    event: String? = nil
  ) {
    self.process = process
    self.event = event
    self.tone = tone
    stream = OutputStream(category: category)
    self.severity = severity
    let category = LineFormat.category(category)
    self.category = category
    self.detects = detects
    storePrefixes = LogSeverity.allCases.map { Array(" \($0.name) ".utf8) + category + [LineFormat.blank] }
    isError = severity == .error
  }

  init(_ entry: LogEntry, process: String? = nil) {
    self.init(
      process: process ?? entry.process, severity: entry.severity, category: entry.category, tone: entry.tone, event: entry.event)
  }

  /// A program's standard error, as opposed to an error of Pup's own.
  var isStandardError: Bool { isError && stream == .standardError }

  /// The severity of a line that begins with these bytes.
  @inline(__always)
  func severity(of text: UnsafePointer<UInt8>, _ length: Int) -> LogSeverity {
    detects ? LineLevel.severity(of: text, length) ?? severity : severity
  }

  func storePrefix(_ severity: LogSeverity) -> [UInt8] { storePrefixes[Int(severity.rawValue)] }

  /// `storePrefix` with the marks of a piece.
  func storePrefix(_ severity: LogSeverity, continued: Bool, continues: Bool) -> [UInt8] {
    var prefix = Array(" \(severity.name) ".utf8)
    if continued { prefix.append(LineFormat.pieceMark) }
    prefix += category
    if continues { prefix.append(LineFormat.pieceMark) }
    prefix.append(LineFormat.blank)
    return prefix
  }

  /// "[LOG]": the mark of a decorated line, which follows its time.
  static func mark(_ severity: LogSeverity) -> [UInt8] { Array("[\(severity.name.uppercased())]".utf8) }

  /// " [web:stdout] ": what follows the mark.
  var decoration: [UInt8] { Array(" [\(process):".utf8) + category + Array("] ".utf8) }
}
