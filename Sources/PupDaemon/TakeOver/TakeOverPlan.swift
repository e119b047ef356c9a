internal import PupCore
internal import PupInstance
internal import PupSystem

/// What a brain does, before its first input, about the processes and runs that it has found: a value that says everything and
/// changes nothing.
struct TakeOverPlan: Hashable {
  /// A process, its place in the state file, and its runs as they are from now on.
  struct Place: Hashable {
    var id: ProcessID
    var slot: Int
    /// `ProcessRecord.encoded()`; empty for one that starts as `pup run` starts it.
    var record: [UInt8] = []
    var runs: [UInt32: RunRecord] = [:]
  }

  /// A run that the keeper has.
  struct Found: Hashable {
    var key: EntryKey
    var action: Action
  }

  enum Action: Hashable {
    /// Supervision of it continues. One that is over has output that must be read to its end.
    case adopt(ProcessID)
    /// Nobody can say what it is: everything of it is killed.
    case kill
    /// It is history.
    case forget
  }

  enum Start: Hashable {
    /// As `pup run` starts; with what operators had decided last.
    case fresh([DesiredState])
    case takeOver([ProcessRecord])
  }

  /// More processes are configured than the state file has places for.
  struct NoRoom: Error {
    var process: ProcessID
  }

  private(set) var start = Start.fresh([])
  private(set) var places: [ProcessID: Place] = [:]
  /// Who is in which place; a damaged state may name a process twice.
  private(set) var idsBySlot: [Int: ProcessID] = [:]
  /// What the keeper has, in the order in which it is dealt with.
  private(set) var found: [Found] = []
  /// In the state, and no longer with the keeper: nothing is left of them.
  private(set) var vanished: [RunKey] = []
  /// Places of the state file to be emptied.
  private(set) var cleared: [Int] = []
  /// The next one to use comes last.
  private(set) var freeSlots: [Int] = []
  private(set) var freeRows: [UInt32] = []
  /// Running programs that are taken over.
  private(set) var alive = 0
  /// Who had asked a supervisor before this one to stop everything. The wish ends with the instance that had it.
  private(set) var terminatedBy: String?

  /// What the state file says.
  init(_ facts: TakeOverFacts, _ records: [Int: ProcessRecord]) {
    for slot in (0..<facts.capacity).reversed() where facts.slots[slot] == nil { freeSlots.append(slot) }
    for (slot, content) in facts.slots.sorted(by: { $0.key < $1.key }) {
      let id = ProcessID(content.process)
      let runs = Dictionary(content.runs.map { ($0.generation, $0) }, uniquingKeysWith: { $1 })
      places[id] = Place(id: id, slot: slot, record: content.record, runs: runs)
      idsBySlot[slot] = id
    }
    self.records = places.compactMapValues { records[$0.slot] }
    terminatedBy = facts.isSameKeeper ? facts.header.terminatedBy : nil
  }

  /// The core's, as far as they can be read.
  private var records: [ProcessID: ProcessRecord] = [:]

  /// In an order that does not depend on hashes.
  private var ids: [ProcessID] { places.keys.sorted() }

  // MARK: Nothing is alive

  mutating func startFresh(_ facts: TakeOverFacts) {
    // Written before the answer to the client who decided; the database may not have got it before everything was killed.
    start = .fresh(ids.compactMap { records[$0]?.desired })
    found = Self.inOrder(facts.inventory).map { Found(key: $0.key, action: .forget) }
    cleared = places.values.map(\.slot).sorted()
    freeSlots += cleared.reversed()
    (places, idsBySlot) = ([:], [:])
  }

  // MARK: Something is

  mutating func takeOver(_ facts: TakeOverFacts) {
    if facts.isNewInstance { dropEnded(facts.inventory) }
    let dropped = Set(found.map(\.key))
    let rest = Self.inOrder(facts.inventory).filter { !dropped.contains($0.key) }
    for entry in rest {
      guard let id = idsBySlot[Int(entry.key.slot)] else {
        found.append(Found(key: entry.key, action: .kill))
        continue
      }
      found.append(Found(key: entry.key, action: .adopt(id)))
      adopt(entry, of: id, facts)
    }
    alive = rest.count { $0.phase == .running }
    start = .takeOver(ids.compactMap { records[$0] })
    for id in ids {
      guard let place = places[id] else { continue }
      for generation in place.runs.keys.sorted()
      where facts.inventory[EntryKey(slot: UInt32(place.slot), generation: generation)] == nil {
        vanished.append(RunKey(id: id, generation: generation))
      }
    }
  }

  /// Of an instance whose keeper died as well, only what survived continues; everything else starts as `pup run` starts it.
  private mutating func dropEnded(_ inventory: [EntryKey: InventoryEntry]) {
    for (id, place) in places {
      let keys = place.runs.keys.map { EntryKey(slot: UInt32(place.slot), generation: $0) }
      let record = records[id]?.forNewInstance()
      if keys.contains(where: { inventory[$0]?.isSurvivor == true }) || record?.isKeptDown == true {
        records[id] = record
        places[id]?.record = record?.encoded() ?? []
        continue
      }
      records[id] = nil
      places[id]?.record = []
      places[id]?.runs = [:]
      found += keys.filter { inventory[$0] != nil }.map { Found(key: $0, action: .forget) }
    }
    found.sort { ($0.key.slot, $0.key.generation) < ($1.key.slot, $1.key.generation) }
  }

  /// What the keeper says of a run is newer than what was saved.
  private mutating func adopt(_ entry: InventoryEntry, of id: ProcessID, _ facts: TakeOverFacts) {
    var run =
      places[id]?.runs[entry.key.generation]
      ?? RunRecord(
        generation: entry.key.generation, rowOut: entry.hasOutput ? entry.rowOut : RunRecord.noRow,
        rowErr: entry.hasError ? entry.rowErr : RunRecord.noRow, graceNanoseconds: 0, timeoutNanoseconds: 0)
    (run.pid, run.startTime, run.initPid) = (entry.pid, entry.startTime, entry.initPid)
    run.initStartTime = entry.initPid > 0 ? facts.initStartTimes[entry.initPid] ?? 0 : 0
    places[id]?.runs[entry.key.generation] = run
  }

  /// Runs that have ended come first: behind what living programs flood their pipes with, their last words, and all that a run
  /// holds until they are read, would wait longer than a supervisor may live. Earlier runs of a process before later ones, as
  /// their lines are.
  private static func inOrder(_ inventory: [EntryKey: InventoryEntry]) -> [InventoryEntry] {
    inventory.values.sorted { left, right in
      if left.hasEnded != right.hasEnded { return left.hasEnded }
      return (left.key.slot, left.key.generation) < (right.key.slot, right.key.generation)
    }
  }

  // MARK: Places and rows

  /// Gives each configured process that the state does not name a place. The lowest is used first: a process whose place was
  /// damaged may get its own again, and with it what the keeper has there.
  mutating func place(_ configured: [ProcessID]) throws(NoRoom) {
    for id in configured where places[id] == nil {
      guard let slot = freeSlots.popLast() else { throw NoRoom(process: id) }
      places[id] = Place(id: id, slot: slot)
      idsBySlot[slot] = id
    }
  }

  /// Those that neither a run of the state nor one of the keeper's uses.
  mutating func findFreeRows(_ facts: TakeOverFacts) {
    let forgotten = Set(found.filter { $0.action == .forget }.map(\.key))
    let known = places.values.flatMap { $0.runs.values.flatMap { [$0.rowOut, $0.rowErr] } }
    // Runs that are over are the keeper's to report.
    let used = Set(known + facts.inventory.values.filter { !forgotten.contains($0.key) }.flatMap(\.rows))
    freeRows = (0..<UInt32(clamping: facts.rows)).reversed().filter { !used.contains($0) }
  }
}
