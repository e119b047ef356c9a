/// One key of an object.
package struct SchemaKey: Sendable {
  package var name: String
  package var type: SchemaType
  package var isRequired: Bool
  /// The value of a key that is not set, as JSON; nil where there is none or it depends on other keys.
  package var defaultValue: String?
  /// One or two sentences for editors and for the documentation.
  package var summary: String
  /// What other supervisors call it; used for "did you mean" only.
  package var otherNames: [String]

  package init(
    _ name: String, _ type: SchemaType, required: Bool = false, default defaultValue: String? = nil, _ summary: String,
    otherNames: [String] = []
  ) {
    self.name = name
    self.type = type
    isRequired = required
    self.defaultValue = defaultValue
    self.summary = summary
    self.otherNames = otherNames
  }
}
