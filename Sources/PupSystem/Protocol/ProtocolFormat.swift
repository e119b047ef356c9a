package import PupBasics

/// The protocol between keeper and supervisor.
package enum ProtocolFormat {
  /// Control and log messages.
  package static let messages = Format("protocol", version: 1, needed: 1)
  /// What the supervisor writes and the keeper and pup-init read; `PUP_SPAWN_VERSION`.
  package static let specification = Format("spawn specification", version: 1, needed: 1)

  /// What an unknown message says about itself; other bits are meaningless.
  struct Flags: OptionSet {
    let rawValue: UInt16
    /// A reader that does not know it misses nothing essential.
    static let mayBeIgnored = Flags(rawValue: 1)
  }
}

extension ByteWriter {
  /// A message: its kind, its flags, and its fields as one record.
  mutating func message(_ kind: UInt16, _ fields: (inout ByteWriter) -> Void) {
    put(kind)
    put(ProtocolFormat.Flags().rawValue)
    record(fields)
  }
}

extension ByteReader {
  /// Nil for a message of an unknown kind that may be ignored.
  mutating func message<Kind: RawRepresentable<UInt16>, Message>(
    _ fields: (Kind, inout ByteReader) throws(FormatError) -> Message
  ) throws(FormatError) -> Message? {
    let number = try get(UInt16.self)
    let flags = ProtocolFormat.Flags(rawValue: try get())
    guard let kind = Kind(rawValue: number) else {
      let isWhole = try get(UInt32.self) == UInt32(clamping: remaining)
      guard isWhole else { throw .malformed }
      guard flags.contains(.mayBeIgnored) else { throw .unknown(what: "message of kind", value: UInt64(number)) }
      return nil
    }
    let message = try record { (reader) throws(FormatError) in try fields(kind, &reader) }
    guard remaining == 0 else { throw .malformed }
    return message
  }
}
