/// A JSON value that Pup passes on without interpreting it.
package indirect enum ConfigurationValue: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)
  case list([ConfigurationValue])
  case object([String: ConfigurationValue])
}
