/// The name of a managed process, kept as written in the configuration and compared ignoring case.
package struct ProcessID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let text: String
  /// ASCII lower case; ids are ASCII by their pattern.
  package let folded: String

  package init(_ text: String) {
    self.text = text
    folded = text.lowercased()
  }

  package var description: String { text }
  package static func == (left: ProcessID, right: ProcessID) -> Bool { left.folded == right.folded }
  package static func < (left: ProcessID, right: ProcessID) -> Bool { left.folded < right.folded }
  package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}
