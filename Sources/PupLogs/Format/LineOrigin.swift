/// Who wrote a batch of lines: what stands before each of them, besides the time. Made once per stream.
struct LineOrigin {
  /// As it is shown.
  let process: String
  let severity: LogSeverity
  let category: [UInt8]
  /// Shown in red and written to standard error.
  let isError: Bool

  init(process: String, severity: LogSeverity, category: String) {
    self.process = process
    self.severity = severity
    self.category = LineFormat.category(category)
    isError = severity == .error
  }
}
