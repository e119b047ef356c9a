/// Who wrote a batch of lines: what stands before each of them, besides the time. Made once per stream.
struct LineOrigin {
  /// As it is shown.
  let process: String
  let severity: LogSeverity
  let category: [UInt8]
  /// " log stdout ": what follows the timestamp in the store.
  let storePrefix: [UInt8]
  /// Shown in red and written to standard error.
  let isError: Bool

  init(process: String, severity: LogSeverity, category: String) {
    self.process = process
    self.severity = severity
    self.category = LineFormat.category(category)
    storePrefix = Array(" \(severity.name) ".utf8) + self.category + [LineFormat.blank]
    isError = severity == .error
  }

  /// `storePrefix` with the marks of a piece.
  func storePrefix(continued: Bool, continues: Bool) -> [UInt8] {
    var prefix = Array(" \(severity.name) ".utf8)
    if continued { prefix.append(LineFormat.pieceMark) }
    prefix += category
    if continues { prefix.append(LineFormat.pieceMark) }
    prefix.append(LineFormat.blank)
    return prefix
  }

  /// " [LOG] [web:stdout] ": what follows the timestamp in a decorated line.
  var decoration: [UInt8] {
    Array(" [\(severity.name.uppercased())] [\(process):".utf8) + category + Array("] ".utf8)
  }
}
