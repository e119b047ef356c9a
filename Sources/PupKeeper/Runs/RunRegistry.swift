internal import PupSystem

/// The runs that this keeper knows, each by its key, and the last generation that each slot had.
final class RunRegistry {
  private(set) var entries: [EntryKey: Entry] = [:]
  private(set) var lastGeneration: [UInt32: UInt32] = [:]

  subscript(key: EntryKey) -> Entry? {
    get { entries[key] }
    set { entries[key] = newValue }
  }

  var isEmpty: Bool { entries.isEmpty }

  // MARK: Generations

  /// Whether a run is a new one. A request that is repeated after a crash cannot start a second copy.
  func begin(_ key: EntryKey) -> Bool {
    guard key.slot < EntryKey.slotLimit, lastGeneration[key.slot, default: 0] < key.generation else { return false }
    lastGeneration[key.slot] = key.generation
    return true
  }

  /// One that an earlier keeper has started.
  func adopted(_ key: EntryKey) {
    // A run that is over may be asked for again by the same number: the instance that it belonged to is gone.
    if entries[key]?.isLive == true { lastGeneration[key.slot] = max(lastGeneration[key.slot, default: 0], key.generation) }
  }

  // MARK: What the brain is told of them

  func recordFailure(_ key: EntryKey, _ failure: SpawnError) {
    var entry = Entry(key: key, phase: .failed, tree: .session)
    entry.failure = failure
    entry.notices = .outcome
    entry.announced = true
    entries[key] = entry
  }

  /// Everything that has happened until now is new again.
  func repeatNotices(_ key: EntryKey) {
    guard let phase = entries[key]?.phase else { return }
    switch phase {
    case .spawning: break
    case .running, .failed: entries[key]?.notices.insert(.outcome)
    case .exited: entries[key]?.notices.formUnion([.outcome, .exited])
    case .empty: entries[key]?.notices.formUnion([.outcome, .exited, .empty])
    }
    entries[key]?.announced = true
  }

  /// A new brain knows nothing of them.
  func forgetAnnouncements() {
    for key in entries.keys { entries[key]?.announced = false }
  }

  /// In the inventory as sent is everything that happened until now.
  func announced(_ key: EntryKey) {
    entries[key]?.announced = true
    entries[key]?.notices = []
  }

  // MARK: Through an exec

  func resume(_ runs: [Entry], lastGeneration: [UInt32: UInt32]) {
    for entry in runs { entries[entry.key] = entry }
    self.lastGeneration = lastGeneration
  }
}
