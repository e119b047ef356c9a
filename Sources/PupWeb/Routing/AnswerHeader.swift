internal import PupAPI

/// A header of an answer, which may be missing.
struct AnswerHeader: Sendable {
  var name: String
  var summary: String
  /// JSON Schema of its value.
  var schema: JSONValue
}
