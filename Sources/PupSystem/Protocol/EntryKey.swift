/// One run of one process, as the keeper knows it: the process's slot in the state file, and the run's generation.
package struct EntryKey: Hashable, Sendable, CustomStringConvertible {
  /// Slots are below 2^24, so that a stream's key fits into 64 bits.
  package static let slotLimit: UInt32 = 1 << 24

  package var slot: UInt32
  package var generation: UInt32

  package init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }

  package var description: String { "\(slot).\(generation)" }

  /// The key of one of the run's output streams in the stream ledger; never 0.
  package func stream(_ which: OutputStream) -> UInt64 {
    UInt64(slot) << 40 | UInt64(generation) << 8 | UInt64(which.rawValue)
  }

  /// The run that a stream belongs to.
  package static func of(stream key: UInt64) -> (entry: EntryKey, which: OutputStream)? {
    guard let which = OutputStream(rawValue: UInt8(truncatingIfNeeded: key)) else { return nil }
    let entry = EntryKey(slot: UInt32(truncatingIfNeeded: key >> 40), generation: UInt32(truncatingIfNeeded: key >> 8))
    return (entry, which)
  }
}
