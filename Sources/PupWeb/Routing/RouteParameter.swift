internal import PupAPI

/// A parameter in a path or a query: its shape, for the check and for the documentation.
struct RouteParameter: Sendable {
  enum Kind: Sendable {
    /// ASCII letters, digits and `extra`.
    case name(extra: String, maximum: Int)
    case eventID
    case integer(ClosedRange<Int64>)
    case word([String])
    /// Separated by commas.
    case words([String])
    /// Checked where it is used.
    case pattern(String)
  }

  enum Place: String, Sendable {
    case path
    case query
    case header
  }

  var name: String
  var kind: Kind
  var summary: String
  var place: Place
  var isRequired: Bool

  init(_ name: String, _ kind: Kind, _ summary: String, in place: Place = .query, isRequired: Bool = false) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.place = place
    self.isRequired = isRequired || place == .path
  }

  var isInPath: Bool { place == .path }

  /// The characters of process ids that are neither letters nor digits.
  static let idExtra = "@._-"
  static let id = RouteParameter(
    "id", .name(extra: idExtra, maximum: 128), "A process's id, without regard to case.", in: .path)

  func check(_ value: String) throws(PupError) {
    switch kind {
    case .name(let extra, let maximum):
      let isName = value.utf8.allSatisfy { byte in
        extra.utf8.contains(byte) || byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || byte &- 0x30 < 10)
      }
      guard isName, !value.isEmpty, value.utf8.count <= maximum else {
        // There cannot be a thing of such a name.
        if isInPath { throw PupError(name == "id" ? .unknownProcess : .notFound, "nothing here has such an id") }
        throw wrong("1 to \(maximum) letters, digits or \(extra)")
      }
    case .eventID:
      guard value.isEmpty || EventID(text: value) != nil else { throw wrong("an id that this stream gave, <epoch>-<n>") }
    case .integer(let range):
      guard let number = Int64(value), range.contains(number) else {
        throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .word(let words):
      guard words.contains(value.lowercased()) else { throw wrong("one of \(words.joined(separator: ", "))") }
    case .words(let words):
      guard value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({ words.contains(String($0)) }) else {
        throw wrong("a list of these, separated by commas: \(words.joined(separator: ", "))")
      }
    case .pattern: break
    }
  }

  private func wrong(_ expectation: String) -> PupError {
    PupError(.invalidParameter, "the \(place == .header ? "header" : "parameter") \(name) must be \(expectation)")
  }

  /// JSON Schema.
  var schema: JSONValue {
    switch kind {
    // The hyphen stands last in `extra`, where it means itself.
    case .name(let extra, let maximum): ["type": "string", "pattern": .string("^[A-Za-z0-9\(extra)]{1,\(maximum)}$")]
    case .eventID: ["type": "string", "pattern": "^([A-Za-z0-9]{1,32}-[0-9]{1,18})?$"]
    case .integer(let range):
      ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .word(let words): ["type": "string", "enum": .array(words.map(JSONValue.string))]
    case .words(let words):
      ["type": "array", "items": ["type": "string", "enum": .array(words.map(JSONValue.string))], "minItems": 1]
    case .pattern(let pattern): ["type": "string", "pattern": .string(pattern)]
    }
  }
}
