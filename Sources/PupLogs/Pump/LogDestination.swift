/// Where the lines of a process go besides the log store.
package struct LogDestination: Hashable, Sendable {
  package var console: Bool
  /// Absolute paths. When `stderrFile` is nil, both streams go to `stdoutFile`.
  package var stdoutFile: String?
  package var stderrFile: String?
  /// Time, severity and origin before each line on the console, and in the files.
  package var decorate: Bool
  package var decorateFiles: Bool
  /// Lines that state their severity get it.
  package var detectSeverity: Bool

  package init(
    console: Bool = true, stdoutFile: String? = nil, stderrFile: String? = nil, decorate: Bool = true,
    decorateFiles: Bool = false,
    detectSeverity: Bool = true
  ) {
    self.console = console
    self.stdoutFile = stdoutFile
    self.stderrFile = stderrFile
    self.decorate = decorate
    self.decorateFiles = decorateFiles
    self.detectSeverity = detectSeverity
  }

  func file(isError: Bool) -> String? { isError ? stderrFile ?? stdoutFile : stdoutFile }
}
