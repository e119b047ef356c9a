/// Where a process's lines go besides the log store, and in which format.
package struct LogDestination: Hashable, Sendable {
  package var console = true
  /// Absolute path. If `stderr` is nil, stderr's lines go here, too.
  package var stdout: String?
  /// Absolute path.
  package var stderr: String?
  /// Prefixes lines on the console with time, severity and name.
  package var decorate = true
  /// The same for files.
  package var decorateFiles = true
  /// Colors on the console; files never have any.
  package var colors = true

  /// Lines that state their own severity get that severity.
  package var detectSeverity = true

  package init() {}
}
