/// The keys that an object may have.
package struct SchemaObject: Sendable {
  package var keys: [SchemaKey]
  /// Exactly one of these keys must be present.
  package var exactlyOneOf: [String]
  /// Keys of other supervisors, by folded name.
  let foreignKeys: [String: ForeignKey]
  private let positions: [String: Int]

  package init(exactlyOneOf: [String] = [], _ keys: [SchemaKey], foreign foreignKeys: [String: ForeignKey] = [:]) {
    self.foreignKeys = foreignKeys
    self.keys = keys
    self.exactlyOneOf = exactlyOneOf
    positions = Dictionary(keys.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The index of a key in `keys`.
  func position(of name: String) -> Int? { positions[name] }

  /// The advice for another supervisor's key.
  func foreignKey(_ name: String) -> ForeignKey? { foreignKeys[ForeignKey.folded(name)] }

  /// The known key that an unknown one probably stands for.
  package func nearest(to name: String) -> String? {
    let lowered = name.lowercased()
    if let other = keys.first(where: { $0.otherNames.contains { $0.lowercased() == lowered } }) { return other.name }
    return NearestName.find(name, among: keys.map(\.name))
  }
}
