/// Header fields in the order in which they came; names in lower case.
package struct HTTPHeaders: Sendable {
  package private(set) var fields: [(name: String, value: String)] = []

  package init() {}

  package mutating func append(_ name: String, _ value: String) { fields.append((name.lowercased(), value)) }

  /// The first value of that name (given in lower case).
  package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  package func count(of name: String) -> Int { fields.count { $0.name == name } }
}
