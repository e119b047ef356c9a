/// What is bound to a parameter of a statement.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)

  static func integer(_ value: (some BinaryInteger)?) -> SQLValue { value.map { .integer(Int64(clamping: $0)) } ?? .null }
  static func text(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
}
