/// The rules of one time zone, read from a TZif file (RFC 9636).
package struct TimeZoneRules: Hashable, Sendable {
  /// For people: "Europe/Berlin".
  package let name: String

  package static let utc = TimeZoneRules(name: "UTC")

  private init(name: String) { self.name = name }

  package init(name: String, tzif bytes: [UInt8]) throws(TimeZoneError) {
    guard !bytes.isEmpty else { throw .empty }
    self.name = name
  }
}
