/// Why time-zone data cannot be used.
package enum TimeZoneError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  /// Larger than any real zone (1 MiB).
  case tooLarge(bytes: Int)
  /// The file does not begin with "TZif".
  case notTimeZoneData
  /// The file ends before `what` does.
  case truncated(what: String)
  case damaged(what: String)
  /// A zone that counts leap seconds ("right/…"); the kernel's clock does not.
  case countsLeapSeconds
  /// The rule for the years after the table cannot be read.
  case badFooter(String)

  package var description: String {
    switch self {
    case .empty: "the time-zone file is empty; reinstall tzdata"
    case .tooLarge(let bytes): "the time-zone file has \(bytes) bytes, more than any zone needs; reinstall tzdata"
    case .notTimeZoneData: "not a time-zone file: it does not begin with \"TZif\"; name a zone such as Europe/Berlin"
    case .truncated(let what): "the time-zone file ends before its \(what); reinstall tzdata"
    case .damaged(let what): "the time-zone file is damaged: \(what); reinstall tzdata"
    case .countsLeapSeconds: "the zone counts leap seconds, which the system clock does not; use the zone without \"right/\""
    case .badFooter(let text): "the time-zone file's rule \"\(text)\" cannot be parsed; reinstall tzdata"
    }
  }
}
