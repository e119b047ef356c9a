extension ConfigurationValue {
  /// The value of a node; unreadable parts become null (their problems have been reported).
  init(_ document: JSON5Document, _ node: Int) {
    switch document.nodes[node].kind {
    case .null, .invalid: self = .null
    case .true: self = .boolean(true)
    case .false: self = .boolean(false)
    case .string, .identifier: self = .text(document.text(of: node))
    case .number:
      switch document.number(of: node) {
      case .integer(let value): self = .integer(value)
      case .real(let value): self = .real(value)
      case nil: self = .null
      }
    case .array: self = .list(document.elements(of: node).map { ConfigurationValue(document, $0) })
    case .object:
      var members: [String: ConfigurationValue] = [:]
      document.forEachMember(of: node) { members[document.text(of: $0)] = ConfigurationValue(document, $1) }
      self = .object(members)
    }
  }
}
