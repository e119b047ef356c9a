/// Why the bytes of a TZif file cannot be used.
package enum TimeZoneError: Error, Hashable, Sendable {
  case empty
}
