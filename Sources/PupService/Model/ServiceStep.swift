/// A command that the service manager's own tools carry out.
package struct ServiceStep: Hashable, Sendable {
  package var words: [String]
  /// How long it may take.
  package var seconds: Int
  /// Whether the rest makes no sense without it.
  package var isRequired: Bool

  init(_ words: [String], seconds: Int = 30, isRequired: Bool = true) {
    self.words = words
    self.seconds = seconds
    self.isRequired = isRequired
  }

  /// For a person to type.
  package var text: String { ShellText.line(words) }
}
