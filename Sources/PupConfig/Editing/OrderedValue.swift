/// A value to be written into a configuration; members keep their order.
package indirect enum OrderedValue: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package var name: String
    package var value: OrderedValue
  }

  case boolean(Bool)
  case integer(Int)
  case text(String)
  case list([OrderedValue])
  case object([Member])

  /// The value that text written from this one represents.
  var configurationValue: ConfigurationValue {
    switch self {
    case .boolean(let flag): .boolean(flag)
    case .integer(let number): .integer(Int64(number))
    case .text(let text): .text(text)
    case .list(let elements): .list(elements.map(\.configurationValue))
    case .object(let members):
      .object(Dictionary(members.map { ($0.name, $0.value.configurationValue) }, uniquingKeysWith: { _, last in last }))
    }
  }

  subscript(_ name: String) -> OrderedValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}
