/// One node of a JSON5 tree. All nodes are in one array, each parent before
/// its children; an object's children alternate between key and value.
package struct JSON5Node: Hashable, Sendable {
  package enum Kind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null
    /// An unquoted name, only used as a key. (A quoted key is a `string`.)
    case identifier
    /// Takes the place of a value that could not be read; the problem has been reported.
    case invalid
  }

  package var kind: Kind
  /// For a string or identifier: it has escapes and must be decoded. For a container: the parser had to recover inside it.
  package var flagged = false
  /// Byte offsets in the document, including quotes and brackets.
  package var start: UInt32
  package var end: UInt32
  /// Index of the first node after this one's subtree.
  package var next: UInt32

  package var range: Range<Int> { Int(start)..<Int(end) }
}
