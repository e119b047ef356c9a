/// A problem in a configuration, ready to be displayed.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Hashable, Sendable { case error, warning }

  package var severity: Severity
  /// From 1. Columns count characters, not bytes.
  package var line: Int
  package var column: Int
  /// What is wrong.
  package var what: String
  /// How to fix it; may be empty.
  package var fix: String
  /// `processes[2].logger.stdout`; empty if it concerns the text as a whole or its syntax.
  package var keyPath: String
  /// The known key or value that was probably intended.
  package var suggestion: String?

  /// "what; how to fix"
  package var message: String { fix.isEmpty ? what : "\(what); \(fix)" }

  /// "pup.json:3:7: error: what; how to fix"
  package func rendered(file: String) -> String { "\(file):\(line):\(column): \(severity.rawValue): \(message)" }
}
