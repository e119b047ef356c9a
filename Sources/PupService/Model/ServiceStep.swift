/// A command of the service manager's own tools.
package struct ServiceStep: Hashable, Sendable {
  package var words: [String]
  /// Its time limit.
  package var seconds: Int
  /// Whether its failure makes the remaining steps pointless.
  package var isRequired: Bool

  init(_ words: [String], seconds: Int = 30, isRequired: Bool = true) {
    self.words = words
    self.seconds = seconds
    self.isRequired = isRequired
  }

  /// For a person to type.
  package var text: String { ShellText.line(words) }
}
