internal import PupAPI

/// A parameter in a path or a query: its shape, for the check and for the documentation.
struct RouteParameter: Sendable {
  enum Kind: Sendable {
    case text(maximum: Int)
    case integer(ClosedRange<Int64>)
    case word([String])
    /// Separated by commas.
    case words([String])
  }

  var name: String
  var kind: Kind
  var summary: String
  var isInPath = false

  init(_ name: String, _ kind: Kind, _ summary: String, inPath: Bool = false) {
    self.name = name
    self.kind = kind
    self.summary = summary
    isInPath = inPath
  }

  static let id = RouteParameter("id", .text(maximum: 128), "A process's id, without regard to case.", inPath: true)

  func check(_ value: String) throws(PupError) {
    switch kind {
    case .text(let maximum):
      guard !value.isEmpty, value.utf8.count <= maximum else { throw wrong("1 to \(maximum) bytes long") }
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
    }
  }

  private func wrong(_ expectation: String) -> PupError {
    PupError(.invalidParameter, "the parameter \(name) must be \(expectation)")
  }

  /// JSON Schema.
  var schema: JSONValue {
    switch kind {
    case .text(let maximum): ["type": "string", "minLength": 1, "maxLength": .integer(Int64(maximum))]
    case .integer(let range):
      ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    case .word(let words): ["type": "string", "enum": .array(words.map(JSONValue.string))]
    case .words(let words):
      ["type": "array", "items": ["type": "string", "enum": .array(words.map(JSONValue.string))], "minItems": 1]
    }
  }
}
