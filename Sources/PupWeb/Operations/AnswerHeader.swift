package import PupAPI

/// An optional header of an answer.
package struct AnswerHeader: Sendable {
  let name: String
  let summary: String
  /// The JSON Schema of its value.
  let schema: JSONValue

  package init(name: String, summary: String, schema: JSONValue) {
    self.name = name
    self.summary = summary
    self.schema = schema
  }
}
