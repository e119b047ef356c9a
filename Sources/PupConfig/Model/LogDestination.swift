/// Where the lines of a process go besides the log store, and in which dress.
package struct LogDestination: Hashable, Sendable {
  package var console = true
  /// Absolute path. Where `stderr` is nil, stderr's lines go here as well.
  package var stdout: String?
  /// Absolute path.
  package var stderr: String?
  /// Time, severity and name in front of the lines on the console.
  package var decorate = true
  /// The same in files.
  package var decorateFiles = true
  /// Colours on the console; files never have any.
  package var colors = true

  package init() {}

  /// The file that receives the lines of stderr.
  package var effectiveStderr: String? { stderr ?? stdout }
}
