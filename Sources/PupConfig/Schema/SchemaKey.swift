/// One key of an object.
package struct SchemaKey: Sendable {
  package var name: String
  package var type: SchemaType
  package var isRequired: Bool
  /// The value if the key is not set, as JSON; nil if there is none or it depends on other keys.
  package var defaultValue: String?
  /// One or two sentences for editors and the documentation.
  package var summary: String
  /// Names used by other supervisors; only for "did you mean".
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
