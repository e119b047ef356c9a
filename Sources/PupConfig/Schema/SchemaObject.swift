/// The keys that an object may have.
package struct SchemaObject: Sendable {
  package var keys: [SchemaKey]
  /// One of these keys, and only one, must be there.
  package var exactlyOneOf: [String]
  private let positions: [String: Int]

  package init(exactlyOneOf: [String] = [], _ keys: [SchemaKey]) {
    self.keys = keys
    self.exactlyOneOf = exactlyOneOf
    positions = Dictionary(keys.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The index of a key in `keys`.
  func position(of name: String) -> Int? { positions[name] }

  /// The known key that an unknown one probably means.
  package func nearest(to name: String) -> String? {
    let lowered = name.lowercased()
    if let other = keys.first(where: { $0.otherNames.contains { $0.lowercased() == lowered } }) { return other.name }
    return NearestName.find(name, among: keys.map(\.name))
  }
}
