internal import PupSystem

/// The processes that have left what their run is known by.
struct StrayBook {
  private(set) var byRun: [EntryKey: Set<Stray>] = [:]
  /// Those of which nobody can say whose they are.
  private(set) var lost: Set<Stray> = []

  init() {}

  init(byRun: [EntryKey: Set<Stray>], lost: Set<Stray>) { (self.byRun, self.lost) = (byRun, lost) }

  /// Whether no run has any.
  var isEmpty: Bool { byRun.isEmpty }

  func knows(_ stray: Stray) -> Bool { lost.contains(stray) || byRun.values.contains { $0.contains(stray) } }

  subscript(key: EntryKey) -> Set<Stray> { byRun[key] ?? [] }

  // MARK: Noting

  /// - Returns: whether it is new.
  mutating func note(_ stray: Stray, of key: EntryKey) -> Bool {
    guard byRun[key, default: []].insert(stray).inserted else { return false }
    lost.remove(stray)
    return true
  }

  /// - Returns: whether it is new.
  mutating func note(lost stray: Stray) -> Bool { lost.insert(stray).inserted }

  /// What a run's strays have started since is as much the run's, and needs no report of its own.
  mutating func noteWhatIsBelow(_ key: EntryKey) {
    for stray in self[key] where stray.isAlive {
      let below = ProcFiles.descendants(of: stray.pid).compactMap { Stray(pid: $0) }
      // Only if the number was the stray's throughout are these its own.
      if stray.isAlive { byRun[key]?.formUnion(below) }
    }
  }

  /// Forgets those of a run that are gone; answers whether any is left.
  mutating func hasLiving(of key: EntryKey) -> Bool {
    guard let known = byRun[key] else { return false }
    let alive = known.filter(\.isAlive)
    byRun[key] = alive.isEmpty ? nil : alive
    return !alive.isEmpty
  }

  mutating func forget(_ key: EntryKey) { byRun[key] = nil }
}
