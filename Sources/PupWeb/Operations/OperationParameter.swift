package import PupAPI
internal import PupEvents

/// A parameter of an operation: its shape, for validation and documentation, and its place in an HTTP request.
package struct OperationParameter: Sendable {
  package enum Kind: Sendable {
    /// ASCII letters, digits and `extra`.
    case name(extra: String, maximum: Int)
    case eventID
    case integer(ClosedRange<Int64>)
    /// A number of any size, of which the nearest in the range counts.
    case nearest(ClosedRange<Int64>)
    case severity
    /// Separated by commas.
    case words([String])
    /// Checked where it is used.
    case pattern(String)
  }

  package enum Place: String, Sendable {
    case path
    case query
    case header
  }

  var name: String
  var kind: Kind
  var summary: String
  var place: Place
  var isRequired: Bool
  /// The error for a part of a path that cannot be the name of anything.
  var unknown: PupErrorCode

  package init(
    _ name: String, _ kind: Kind, _ summary: String, in place: Place = .query, isRequired: Bool = false,
    unknown: PupErrorCode = .notFound
  ) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.place = place
    self.isRequired = isRequired || place == .path
    self.unknown = unknown
  }

  static let severities = APILogSeverity.allCases.map(\.rawValue)

  /// Every call must have such a parameter.
  var isInPath: Bool { place == .path }

  /// The characters of process ids that are neither letters nor digits.
  private static let idExtra = "@._-"

  package static func processID(_ summary: String = "A process's id, without regard to case.") -> OperationParameter {
    OperationParameter("id", .name(extra: idExtra, maximum: 128), summary, in: .path, unknown: .unknownProcess)
  }

  func check(_ value: String) throws(PupError) {
    switch kind {
    case .name(let extra, let maximum):
      let isName = value.utf8.allSatisfy { byte in
        extra.utf8.contains(byte) || byte < 0x80 && (Character(Unicode.Scalar(byte)).isLetter || byte &- 0x30 < 10)
      }
      guard isName, !value.isEmpty, value.utf8.count <= maximum else {
        // There cannot be a thing of such a name.
        if isInPath { throw PupError(unknown, "nothing here has such an id") }
        throw wrong("1 to \(maximum) letters, digits or \(extra)")
      }
    case .eventID:
      guard value.isEmpty || EventID(text: value) != nil else { throw wrong("an id that this stream gave, <epoch>-<n>") }
    case .integer(let range):
      guard !value.contains("."), let number = Self.whole(value), range.contains(number) else {
        throw wrong("a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .nearest:
      guard Self.whole(value) != nil else { throw wrong("a number") }
    case .severity:
      guard APILogSeverity(word: value) != nil else { throw wrong("one of \(Self.severities.joined(separator: ", "))") }
    case .words(let words):
      guard value.split(separator: ",", omittingEmptySubsequences: false).allSatisfy({ words.contains(String($0)) }) else {
        throw wrong("a list of these, separated by commas: \(words.joined(separator: ", "))")
      }
    case .pattern: break
    }
  }

  /// The whole part of a number; nil for anything else. What is beyond 64 bits is the greatest or the least.
  static func whole(_ text: String) -> Int64? {
    let (sign, digits): (Substring, Substring) = text.hasPrefix("-") ? ("-", text.dropFirst()) : ("", text[...])
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }) else { return wholePart(ofPower: text) }
    return Int64(sign + parts[0]) ?? (sign.isEmpty ? .max : .min)
  }

  /// Of a number such as 1.5e+3.
  private static func wholePart(ofPower text: String) -> Int64? {
    guard text.utf8.contains(where: { $0 | 0x20 == 0x65 }),
      text.utf8.allSatisfy({ $0 &- 0x30 < 10 || "eE.+-".utf8.contains($0) }), text.utf8.first.map({ $0 != 0x2B }) == true,
      let number = Double(text)
    else { return nil }
    return Int64(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
  }

  private func wrong(_ expectation: String) -> PupError {
    PupError(.invalidParameter, "the \(place == .header ? "header" : "parameter") \(name) must be \(expectation)")
  }

  /// A parameter without a value is as good as none.
  private static func orEmpty(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "string", "maxLength": 0]]] }

  /// JSON Schema.
  var schema: JSONValue {
    switch kind {
    // The hyphen stands last in `extra`, where it means itself.
    case .name(let extra, let maximum):
      ["type": "string", "pattern": .string("^[A-Za-z0-9\(extra)]{\(place == .query ? 0 : 1),\(maximum)}$")]
    case .eventID: ["type": "string", "pattern": "^([A-Za-z0-9]{1,32}-[0-9]{1,18})?$"]
    case .integer(let range):
      Self.orEmpty(["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)])
    case .nearest: Self.orEmpty(["type": "number"])
    case .severity: ["type": "string", "enum": .array((Self.severities + ["warning", ""]).map(JSONValue.string))]
    case .words(let words):
      ["type": "array", "items": ["type": "string", "enum": .array(words.map(JSONValue.string))], "minItems": 1]
    case .pattern(let pattern): ["type": "string", "pattern": .string(pattern)]
    }
  }
}
