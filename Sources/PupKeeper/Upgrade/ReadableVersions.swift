internal import PupBasics
internal import PupSystem

/// What one of Pup's programs says at `--check`: its name, the versions that it reads of what it is checked for, and the same of
/// more formats, each behind its word. Words that are not known are skipped; a line break may follow.
struct ReadableVersions: Hashable {
  private static let messages = "messages"
  private static let specification = "specification"
  private static let streams = "streams"

  /// Of what the program is checked for: the state of a keeper, or a spawn specification.
  let own: ClosedRange<UInt16>
  /// By their words; a program of an early build names none.
  private var others: [String: ClosedRange<UInt16>] = [:]

  /// Nil where somebody else has printed it.
  init?(_ printed: String, of name: String) {
    let words = printed.split(whereSeparator: \.isWhitespace)
    guard words.count >= 3, words[0] == name, let own = Self.range(words[1...]) else { return nil }
    self.own = own
    var rest = words[3...]
    while let word = rest.popFirst() {
      guard let range = Self.range(rest) else { continue }
      others[String(word)] = range
      rest = rest.dropFirst(2)
    }
  }

  private static func range(_ words: ArraySlice<Substring>) -> ClosedRange<UInt16>? {
    guard words.count >= 2, let lowest = UInt16(words[words.startIndex]), let highest = UInt16(words[words.startIndex + 1]),
      lowest <= highest
    else { return nil }
    return lowest...highest
  }

  /// What a keeper of this build prints of the formats that it shares with a supervisor.
  static var keeperWords: String {
    [(messages, ProtocolFormat.messages), (specification, ProtocolFormat.specification), (streams, StreamLedger.format)]
      .map { " \($0) \($1.versions.lowerBound) \($1.versions.upperBound)" }.joined()
  }

  /// Why a keeper that reads this could not go on with a supervisor that has agreed on a protocol with this one; nil where it
  /// could.
  /// - Parameters:
  ///   - written: the spawn specifications of that supervisor.
  ///   - ledger: the table that both have mapped.
  func objection(agreed: UInt16, written: FormatVersion, ledger: FormatVersion) -> String? {
    if let speaks = others[Self.messages], !speaks.contains(agreed) {
      return
        "the new pup-keeper speaks \(ProtocolFormat.messages.name) \(Format.words(speaks)), and the new supervisor speaks version "
        + "\(agreed) with this keeper"
    }
    if let reads = others[Self.specification], !Format.canRead(written, with: reads) {
      return Self.objection("pup-keeper", ProtocolFormat.specification, reads, "the new supervisor writes", written)
    }
    if let reads = others[Self.streams], !Format.canRead(ledger, with: reads) {
      return Self.objection("pup-keeper", StreamLedger.format, reads, "the one in use has", ledger)
    }
    return nil
  }

  /// The same of a pup-init.
  func objection(written: FormatVersion) -> String? {
    Format.canRead(written, with: own)
      ? nil : Self.objection("pup-init", ProtocolFormat.specification, own, "the new supervisor writes", written)
  }

  private static func objection(
    _ program: String, _ format: Format, _ reads: ClosedRange<UInt16>, _ source: String, _ version: FormatVersion
  ) -> String {
    "the new \(program) reads the \(format.name) in \(Format.words(reads)), and \(source) version \(version.written), which needs a reader "
      + "of version \(version.needed) or later"
  }
}
