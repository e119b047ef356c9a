internal import PupCore

/// The world as far as the core can reach it: a keeper with programs that exit, ignore SIGTERM, leave trees behind or cannot be
/// started. It outlives every brain.
struct SimulatedKeeper {
  enum Leader: Hashable {
    case asked
    case alive
    case failed
    case ended(ExitStatus)
  }

  struct Entry {
    var key: RunKey
    var leader = Leader.asked
    /// Living processes of its tree beside the leader.
    var members = 0
    var isStubborn: Bool
    var wasTermed = false
    var wereMembersTermed = false
    var wasKilled = false
    var firstTerm: Instant?
    var lastKill: Instant?

    var isTreeEmpty: Bool {
      switch leader {
      case .asked, .alive: false
      case .failed: true
      case .ended: members == 0
      }
    }

    var observation: RunObservation {
      switch leader {
      case .asked: .spawning
      case .alive: .alive(pid: 1000 + Int32(truncatingIfNeeded: key.generation))
      case .failed: .spawnFailed(SimulatedKeeper.failure)
      case .ended(let status): members == 0 ? .ended(status) : .exited(status)
      }
    }
  }

  static let failure = SpawnFailure(stage: "exec", errno: 2, message: "exec /bin/nothing: No such file or directory")

  private(set) var entries: [Entry] = []
  /// The newest number ever spawned, per process.
  private(set) var newest: [ProcessID: UInt32] = [:]
  /// What the brain has not read yet.
  private(set) var mail: [Input] = []

  var observations: [RunKey: RunObservation] {
    Dictionary(entries.map { ($0.key, $0.observation) }, uniquingKeysWith: { first, _ in first })
  }

  func entries(of id: ProcessID) -> [Entry] { entries.filter { $0.key.id == id } }

  func knows(_ key: RunKey) -> Bool { entries.contains { $0.key == key } }

  mutating func takeMail() -> Input? { mail.isEmpty ? nil : mail.removeFirst() }

  /// A dead brain's messages are not repeated: its successor asks.
  mutating func dropMail() { mail = [] }

  // MARK: - Effects

  /// Says what was wrong with the request.
  mutating func spawn(_ key: RunKey, _ random: inout SplitMix64) -> String? {
    if let newest = newest[key.id], key.generation <= newest {
      return "generation \(key.generation) of \(key.id) after \(newest)"
    }
    newest[key.id] = key.generation
    entries.append(Entry(key: key, isStubborn: random.chance(20)))
    return nil
  }

  mutating func signal(_ key: RunKey, _ number: Int32, _ scope: SignalScope, _ now: Instant) -> String? {
    guard let index = entries.firstIndex(where: { $0.key == key }) else {
      return "signal \(number) to run \(key.generation) of \(key.id), which the keeper does not know"
    }
    if number == 9 {
      if scope != .tree { return "SIGKILL to less than the tree" }
      entries[index].wasKilled = true
      entries[index].lastKill = now
      return nil
    }
    if entries[index].firstTerm == nil { entries[index].firstTerm = now }
    if scope != .outsideGroup { entries[index].wasTermed = true }
    if scope != .group { entries[index].wereMembersTermed = true }
    return nil
  }

  mutating func release(_ key: RunKey) -> String? {
    guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
    guard entries[index].isTreeEmpty else { return "run \(key.generation) of \(key.id) is released while it lives" }
    entries.remove(at: index)
    return nil
  }

  // MARK: - The world moves

  /// Lets something happen to one program. With `hurry`, whatever was told to end does.
  mutating func act(_ random: inout SplitMix64, hurry: Bool) {
    let index = random.below(entries.count)
    guard entries.indices.contains(index) else { return }
    let entry = entries[index]
    switch entry.leader {
    case .failed: return
    case .asked:
      if random.chance(88) || entry.wasKilled {
        entries[index].leader = .alive
        if random.chance(30) { entries[index].members = 1 + random.below(3) }
        mail.append(.spawned(entry.key, pid: 1000 + Int32(truncatingIfNeeded: entry.key.generation)))
      } else {
        entries[index].leader = .failed
        mail.append(.spawnFailed(entry.key, Self.failure))
      }
    case .alive:
      if entry.wasKilled {
        leaderEnds(index, .signaled(signal: 9, dumpedCore: false), members: 0)
      } else if entry.wasTermed, !entry.isStubborn, hurry || random.chance(60) {
        let status = random.chance(50) ? ExitStatus.exited(code: 0) : .signaled(signal: 15, dumpedCore: false)
        leaderEnds(index, status, members: random.chance(80) ? 0 : entry.members)
      } else if random.chance(25) {
        let status = random.pick(
          [ExitStatus.exited(code: 0), .exited(code: 3), .signaled(signal: 11, dumpedCore: true)], or: .unknown)
        leaderEnds(index, status, members: random.chance(70) ? 0 : entry.members)
      }
    case .ended:
      guard entry.members > 0 else { return }
      let ends = entry.wereMembersTermed && !entry.isStubborn
      guard entry.wasKilled || ends && (hurry || random.chance(60)) || random.chance(10) else { return }
      entries[index].members = 0
      mail.append(.treeEmpty(entry.key))
    }
  }

  private mutating func leaderEnds(_ index: Int, _ status: ExitStatus, members: Int) {
    entries[index].leader = .ended(status)
    entries[index].members = members
    mail.append(.exited(entries[index].key, status))
    if members == 0 { mail.append(.treeEmpty(entries[index].key)) }
  }
}
