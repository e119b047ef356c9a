/// The result of loading a configuration: all of its problems, and its value if there are no errors.
package struct ConfigurationReport: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// The path as shown to people.
    case file(String)
    /// Flags of `pup run`; problems name the flag instead of a line.
    case commandLine
  }

  package var source: Source
  /// Nil if there is an error; warnings do not prevent loading.
  package var configuration: PupConfiguration?
  package var diagnostics: [Diagnostic]

  package var errorCount: Int { diagnostics.count { $0.severity == .error } }

  /// One line per problem, each terminated by a newline; empty if there is none.
  /// - Parameter command: takes the place of the flag in lines about no flag of its own.
  package func rendered(command: String = "pup run") -> String {
    diagnostics.map { line(for: $0, command) + "\n" }.joined()
  }

  /// An object with `file`, `valid` and `diagnostics`: a list of objects with `severity`, `line`, `column`, `key`, `message`,
  /// `what`, `fix` and `suggestion`.
  package func json() -> String {
    let name =
      switch source {
      case .file(let path): JSON5Text.quoted(path)
      case .commandLine: "null"
      }
    let entries = diagnostics.map { diagnostic in
      let fields: [(String, String)] = [
        ("severity", JSON5Text.quoted(diagnostic.severity.rawValue)),
        ("line", String(diagnostic.line)), ("column", String(diagnostic.column)),
        ("key", JSON5Text.quoted(diagnostic.keyPath)), ("message", JSON5Text.quoted(diagnostic.message)),
        ("what", JSON5Text.quoted(diagnostic.what)), ("fix", JSON5Text.quoted(diagnostic.fix)),
        ("suggestion", diagnostic.suggestion.map(JSON5Text.quoted) ?? "null"),
      ]
      return "{" + fields.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }
    return "{\"file\":\(name),\"valid\":\(configuration != nil),\"diagnostics\":[\(entries.joined(separator: ","))]}"
  }

  private func line(for diagnostic: Diagnostic, _ command: String) -> String {
    switch source {
    case .file(let path): diagnostic.rendered(file: path)
    case .commandLine:
      "\(AdHocOptions.flag(forKeyPath: diagnostic.keyPath) ?? command): \(diagnostic.severity.rawValue): \(diagnostic.message)"
    }
  }
}
