/// A syntax error in a JSON5 text, at a byte offset.
package struct JSON5Problem: Hashable, Sendable {
  package var offset: Int
  package var what: String
  /// How to fix it, if that is known.
  package var fix: String
}
