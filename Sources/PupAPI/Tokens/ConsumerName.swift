/// The body of `POST /tokens/reinstate`: `{"consumer": "dashboard"}`.
package struct ConsumerName: Hashable, Sendable {
  package var text: String

  /// Whether the name is not blank. Checked by code points: a space with a combining accent is a name.
  static func isVisible(_ name: String) -> Bool {
    name.unicodeScalars.contains { !$0.properties.isWhitespace && $0.value > 0x20 && $0.value != 0x7F }
  }

  /// The form in which names are compared: trimmed and lowercased.
  package static func folded(_ name: String) -> String { trimmed(name.lowercased()) }

  /// Without leading and trailing whitespace.
  package static func trimmed(_ name: String) -> String {
    var scalars = name.unicodeScalars[...]
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}

extension ConsumerName: JSONDecodable {
  package init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    text = try fields.string("consumer")
    guard Self.isVisible(text) else { throw fields.wrong("consumer", "the name of a consumer") }
  }
}
