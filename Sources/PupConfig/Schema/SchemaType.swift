/// The type of a value, checked by the validator and described in the JSON Schema.
package indirect enum SchemaType: Sendable {
  case text(SchemaTextRule)
  case boolean
  case integer(ClosedRange<Int64>)
  case number(ClosedRange<Double>)
  case choice([String])
  case list(of: SchemaType, atLeast: Int)
  case object(SchemaObject)
  /// Any keys, all values of one type.
  case map(of: SchemaType)
  case anything

  static let text = SchemaType.text(SchemaTextRule())
  static let texts = SchemaType.list(of: .text(SchemaTextRule(length: 1...4096)), atLeast: 0)
}
