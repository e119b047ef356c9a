/// One node of a JSON5 tree. Nodes lie in one array, each parent before its children; an object's children are key, value, key, value ….
package struct JSON5Node: Hashable, Sendable {
  package enum Kind: UInt8, Sendable {
    case object, array, string, number, `true`, `false`, null
    /// An unquoted name; only as a key. (A quoted key is a `string`.)
    case identifier
    /// Stands where a value was expected and none could be read; the problem is told already.
    case invalid
  }

  package var kind: Kind
  /// A string or identifier with escapes; its text must be decoded. A container in which reading had to recover.
  package var flagged = false
  /// Bytes of the document, quotes and brackets included.
  package var start: UInt32
  package var end: UInt32
  /// Index of the first node that is not below this one.
  package var next: UInt32

  package var range: Range<Int> { Int(start)..<Int(end) }
}
