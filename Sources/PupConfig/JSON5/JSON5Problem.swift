/// Something that is wrong with a text as JSON5, at a byte of it.
package struct JSON5Problem: Hashable, Sendable {
  package var offset: Int
  package var what: String
  /// The way out, where there is one to name.
  package var fix: String
}
