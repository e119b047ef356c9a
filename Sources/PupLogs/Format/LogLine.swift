package import PupSystem

/// A line as a reader gets it: the pieces of one that was written in parts are joined again.
package struct LogLine: Hashable, Sendable {
  package var time: LogTime
  package var severity: LogSeverity
  package var category: String
  package var process: String
  /// Without the line break. Any other bytes are kept, NUL and invalid UTF-8 included.
  package var text: [UInt8]
  /// More of this line is to come, or is missing.
  package var isPartial: Bool
  /// The text continues a partial line of the same process and category.
  package var isContinuation: Bool
  /// The kind of the event that says the same. Only for lines that have just been written: the store does not keep it.
  package var event: String?
  /// The size of the whole line in bytes, if `text` is only its beginning (and says so at its end).
  package private(set) var wholeLength: Int?

  /// Says at the end of the text that the line is longer.
  mutating func markCut(length: Int) {
    wholeLength = length
    text += Array("… (cut, \(length) bytes in all)".utf8)
  }

  /// Nothing but the end of a line that was left unfinished: there is nothing to show.
  package var isBareEnd: Bool { text.isEmpty && isContinuation && !isPartial }

  /// Where the program wrote it; nil for a line of Pup's own.
  package var stream: OutputStream? { OutputStream(category: category) }

  /// An error because it came from standard error, not because it says so.
  package var isPlainError: Bool { severity == .error && stream == .standardError && LineLevel.severity(of: text) != .error }

  package init(
    time: LogTime, severity: LogSeverity, category: String, process: String, text: [UInt8], isPartial: Bool = false,
    isContinuation: Bool = false
  ) {
    self.time = time
    self.severity = severity
    self.category = category
    self.process = process
    self.text = text
    self.isPartial = isPartial
    self.isContinuation = isContinuation
  }
}
