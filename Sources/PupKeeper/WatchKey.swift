internal import PupSystem

/// What an epoll event is about, packed into its 64 bits: eight for the kind, 56 for the run.
struct WatchKey {
  enum Kind: UInt8 {
    case signals = 1
    case control, logs, brain, candidateControl, candidate, programCheck
    case leader, errorPipe, reports, cgroupEvents, initProcess
  }

  var kind: Kind
  var entry = EntryKey(slot: 0, generation: 0)

  init(_ kind: Kind, _ entry: EntryKey = EntryKey(slot: 0, generation: 0)) {
    self.kind = kind
    self.entry = entry
  }

  var raw: UInt64 { UInt64(kind.rawValue) << 56 | UInt64(entry.slot) << 32 | UInt64(entry.generation) }

  init?(raw: UInt64) {
    guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: raw >> 56)) else { return nil }
    self.kind = kind
    entry = EntryKey(slot: UInt32(truncatingIfNeeded: raw >> 32) & 0xFF_FFFF, generation: UInt32(truncatingIfNeeded: raw))
  }
}
