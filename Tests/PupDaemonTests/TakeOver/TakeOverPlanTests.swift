import PupBasics
import PupInstance
import PupSystem
import PupTestSupport
import Testing

@testable import PupCore
@testable import PupDaemon

/// What a new brain does with what it finds. Two processes are configured, `web` and `db`; the state file has four places, the
/// ledger eight rows. A run of slot 1 and generation 3 is "1.3", one of the process `db` "db.3".
@Suite struct TakeOverPlanTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let facts: @Sendable () -> TakeOverFacts
    /// As `TakeOverDecision.words` says it.
    let expected: [String]

    init(_ description: String, _ facts: @escaping @Sendable () -> TakeOverFacts, _ expected: String...) {
      (testDescription, self.facts, self.expected) = (description, facts, expected)
    }
  }

  // MARK: Nothing to take over

  private static let fresh = [
    Row(
      "the first brain of an instance", { .of([:], begun: false) },
      "fresh", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7"),
    Row(
      "places that were written before a brain had begun say nothing", { .of([2: .of("web", runs: [.of(1)])], begun: false) },
      "fresh", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7"),
    Row(
      "what a keeper has for a brain that never began is history", { .of([:], [.of(0, 1)], begun: false) },
      "fresh", "forget 0.1", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7"),
    Row(
      "another keeper, and there were no runs", { .of([0: .of("web")], keeper: .another) },
      "fresh", "clear 0", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7"),
    Row(
      "another keeper, and no run lives: what operators decided stays",
      {
        .of(
          [0: .of("web", held: true, runs: [.of(1)]), 2: .of("db", runs: [.of(2, rows: 2)])],
          [.of(0, 1, .empty), .of(2, 2, .failed)], keeper: .another, isAnswered: true)
      },
      "fresh, held by ada: web", "forget 0.1", "forget 2.2", "clear 0 2", "web in 0", "db in 2", "free 0 1 2 3 4 5 6 7"),
  ]

  // MARK: The keeper that started the runs

  private static let sameKeeper = [
    Row(
      "a program that runs", { .of([0: .of("web", runs: [.of(3)])], [.of(0, 3)]) },
      "take over web", "1 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "a run that never reached the keeper, or was forgotten", { .of([0: .of("web", runs: [.of(3)])]) },
      "take over web", "0 alive", "vanished web.3", "web in 0: 3", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "an entry without a place: nobody can say what it is",
      { .of([0: .of("web"), 1: .of("db")], [.of(3, 1)]) },
      "take over db web", "1 alive", "kill 3.1", "web in 0", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "an entry whose place was damaged: the process that gets it gets the run", { .of([1: .of("db")], [.of(0, 1)]) },
      "take over db", "1 alive", "adopt 0.1 of web", "web in 0: 1 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "a run that the place does not name", { .of([0: .of("web", runs: [.of(1)])], [.of(0, 1), .of(0, 2, rows: 2)]) },
      "take over web", "2 alive", "adopt 0.1 of web", "adopt 0.2 of web", "web in 0: 1 (pid 42), 2 (pid 42)", "db in 1",
      "free 4 5 6 7"),
    Row(
      "two entries for one place: what has ended comes first",
      {
        .of([0: .of("web", runs: [.of(1), .of(2, rows: 2)])], [.of(0, 1), .of(0, 2, .empty, rows: 2)])
      },
      "take over web", "1 alive", "adopt 0.2 of web", "adopt 0.1 of web", "web in 0: 1 (pid 42), 2 (pid 42)", "db in 1",
      "free 4 5 6 7"),
    Row(
      "two places for one process, which nobody writes: the later one counts, and its runs only",
      {
        .of([0: .of("web", runs: [.of(1)]), 2: .of("web", runs: [.of(2, rows: 2)])], [.of(0, 1), .of(2, 2, rows: 2)])
      },
      "take over web", "2 alive", "adopt 0.1 of web", "adopt 2.2 of web", "vanished web.1", "db in 1",
      "web in 2: 1 (pid 42), 2 (pid 42)", "free 4 5 6 7"),
    Row(
      "a stale place, of a process that is no longer configured",
      { .of([0: .of("web"), 1: .of("db"), 3: .of("old", runs: [.of(7)])], [.of(3, 7)]) },
      "take over db old web", "1 alive", "adopt 3.7 of old", "web in 0", "db in 1", "old in 3: 7 (pid 42)", "free 2 3 4 5 6 7"),
    Row(
      "a row that two runs claim is nobody else's",
      { .of([0: .of("web", runs: [.of(1, rows: 4)]), 1: .of("db", runs: [.of(1, rows: 4)])], [.of(0, 1, rows: 6)]) },
      "take over db web", "1 alive", "adopt 0.1 of web", "vanished db.1", "web in 0: 1 (pid 42)", "db in 1: 1", "free 0 1 2 3"),
    Row(
      "a damaged record: the process starts anew, its run does not",
      {
        .of([0: StateSlot(process: "web", record: [1, 2, 3], runs: [.of(1)])], [.of(0, 1)])
      },
      "take over ", "1 alive", "adopt 0.1 of web", "web in 0: 1 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "a boot that the header does not name: keepers are told apart by pid and start time",
      {
        var facts = TakeOverFacts.of([0: .of("web", runs: [.of(3)])], [.of(0, 3)])
        facts.header.bootID = "another"
        return facts
      },
      "take over web", "1 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "everything was being stopped",
      {
        var facts = TakeOverFacts.of([0: .of("web")])
        facts.header.terminatedBy = "ada"
        return facts
      },
      "take over web", "0 alive", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7", "stopped by ada"),
  ]

  // MARK: Another keeper

  private static let anotherKeeper = [
    Row(
      "its runs are asked for",
      {
        .of([0: .of("web", runs: [.of(3)]), 1: .of("db", runs: [.of(1, rows: 2), .of(2, rows: 4)])], keeper: .another)
      },
      "ask for 0.3 of web", "ask for 1.1 of db", "ask for 1.2 of db"),
    Row(
      "a keeper with a reused pid is another one", { .of([0: .of("web", runs: [.of(3)])], keeper: .reusedPid) },
      "ask for 0.3 of web"),
    Row(
      "what it has already is not asked for",
      { .of([0: .of("web", runs: [.of(3), .of(4, rows: 2)])], [.of(0, 3)], keeper: .another) },
      "ask for 0.4 of web"),
    Row(
      "it has all of them: the brain before died between the hand-over and the header",
      { .of([0: .of("web", runs: [.of(3)])], [.of(0, 3)], keeper: .another) },
      "take over web", "1 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "what it has is taken over even where all of it has ended",
      { .of([0: .of("web", runs: [.of(3)])], [.of(0, 3, .empty)], keeper: .another) },
      "take over ", "0 alive", "forget 0.3", "web in 0", "db in 1", "free 0 1 2 3 4 5 6 7"),
    Row(
      "one survived, the pid of the other is somebody else's by now: that one starts anew",
      {
        .of(
          [0: .of("web", runs: [.of(3)]), 1: .of("db", runs: [.of(1, rows: 2)])], [.of(0, 3), .of(1, 1, .empty, rows: 2)],
          keeper: .another, isAnswered: true)
      },
      "take over web", "1 alive", "forget 1.1", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "the cgroup has vanished and the leader lives: it is adopted without one",
      {
        .of([0: .of("web", runs: [.of(3)])], [.of(0, 3)], keeper: .another, isAnswered: true)
      },
      "take over web", "1 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "the leader has ended, and members of its tree live",
      {
        .of([0: .of("web", runs: [.of(3)])], [.of(0, 3, .exited)], keeper: .another, isAnswered: true)
      },
      "take over web", "0 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
    Row(
      "kept down by an operator: its record stays, with nothing left of its run",
      {
        .of(
          [0: .of("web", runs: [.of(3)]), 1: .of("db", held: true, runs: [.of(1, rows: 2)])],
          [.of(0, 3), .of(1, 1, .empty, rows: 2)], keeper: .another, isAnswered: true)
      },
      "take over db web", "1 alive", "adopt 1.1 of db", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1: 1 (pid 42)",
      "free 4 5 6 7"),
    Row(
      "a wish to stop everything ends with its instance",
      {
        var facts = TakeOverFacts.of([0: .of("web", runs: [.of(3)])], [.of(0, 3)], keeper: .another)
        facts.header.terminatedBy = "ada"
        return facts
      },
      "take over web", "1 alive", "adopt 0.3 of web", "web in 0: 3 (pid 42)", "db in 1", "free 2 3 4 5 6 7"),
  ]

  // MARK: Refused

  private static let refused = [
    Row(
      "a record that a later build has written",
      {
        .of([0: StateSlot(process: "web", record: .ofALaterBuild, runs: [])], keeper: .another)
      },
      "refuse: record of a process: written in version 99, which needs a reader of version 99 or later; this build "
        + "reads version 1"),
    Row(
      "more processes than places",
      {
        var facts = TakeOverFacts.of([0: .of("a"), 1: .of("b"), 2: .of("c")], capacity: 4)
        facts.configured = [ProcessID("c"), ProcessID("d"), ProcessID("e")]
        return facts
      },
      "no room for e"),
  ]

  @Test(arguments: fresh + sameKeeper + anotherKeeper + refused) func decision(_ row: Row) {
    #expect(row.facts().decision().words == row.expected)
  }

  // MARK: What the words leave out

  @Test func theKeepersWordIsNewerThanTheState() throws {
    var entry = InventoryEntry.of(0, 3)
    (entry.pid, entry.startTime, entry.initPid) = (50, 51, 60)
    var facts = TakeOverFacts.of([0: .of("web", runs: [.of(3)])], [entry])
    facts.initStartTimes = [60: 61]
    let run = try #require(try facts.plan().places[ProcessID("web")]?.runs[3])
    #expect((run.pid, run.startTime, run.initPid, run.initStartTime) == (50, 51, 60, 61))
    #expect((run.rowOut, run.rowErr, run.graceNanoseconds, run.timeoutNanoseconds) == (0, 1, 7, 8))
  }

  /// 0 is no process's start time: a pup-init that is gone is not found again by its pid.
  @Test func aVanishedInitHasNoStartTime() throws {
    var entry = InventoryEntry.of(0, 3)
    entry.initPid = 60
    let facts = TakeOverFacts.of([0: .of("web", runs: [.of(3)])], [entry])
    #expect(try facts.plan().places[ProcessID("web")]?.runs[3]?.initStartTime == 0)
  }

  /// The keeper names no row for a stream that it does not have.
  @Test func aRunThatTheStateDoesNotNameHasTheKeepersRows() throws {
    var entry = InventoryEntry.of(0, 3, rows: 4)
    entry.hasError = false
    let run = try #require(try TakeOverFacts.of([0: .of("web")], [entry]).plan().places[ProcessID("web")]?.runs[3])
    #expect((run.rowOut, run.rowErr) == (4, RunRecord.noRow))
  }

  @Test func whatWasBeingStoppedIsNotStoppedInANewInstance() throws {
    var record = ProcessRecord(id: ProcessID("web"))
    record.terminating = .signal(15)
    let slot = StateSlot(process: "web", record: record.encoded(), runs: [.of(3)])
    let again = try TakeOverFacts.of([0: slot], [.of(0, 3)]).plan()
    #expect(again.start == .takeOver([record]))
    let anew = try TakeOverFacts.of([0: slot], [.of(0, 3)], keeper: .another).plan()
    record.terminating = nil
    #expect(anew.start == .takeOver([record]))
    #expect(anew.places[ProcessID("web")]?.record == record.encoded())
  }
}

// MARK: - Facts

extension TakeOverFacts {
  enum Keeper { case same, another, reusedPid }

  static func of(
    _ slots: [Int: StateSlot], _ inventory: [InventoryEntry] = [], begun: Bool = true, keeper: Keeper = .same,
    isAnswered: Bool = false, capacity: Int = 4
  ) -> TakeOverFacts {
    var facts = TakeOverFacts()
    (facts.header.begun, facts.header.keeperPid, facts.header.keeperStartTime) = (begun, 10, 11)
    // As they are read: not before a brain has begun.
    facts.slots = begun ? slots : [:]
    (facts.capacity, facts.rows, facts.isAnswered) = (capacity, 8, isAnswered)
    (facts.keeperPid, facts.keeperStartTime) = (keeper == .another ? 20 : 10, keeper == .same ? 11 : 21)
    facts.inventory = Dictionary(inventory.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    facts.configured = [ProcessID("web"), ProcessID("db")]
    return facts
  }

  /// Of facts that lead to one.
  func plan() throws -> TakeOverPlan {
    guard case .begin(let plan) = decision() else { throw Failure("no plan but \(decision().words)") }
    return plan
  }
}

extension StateSlot {
  static func of(_ id: String, held: Bool = false, runs: [RunRecord] = []) -> StateSlot {
    var record = ProcessRecord(id: ProcessID(id))
    record.generation = 9
    if held { record.heldBy = .consumer("ada") }
    return StateSlot(process: id, record: record.encoded(), runs: runs)
  }
}

extension RunRecord {
  static func of(_ generation: UInt32, rows: UInt32 = 0) -> RunRecord {
    RunRecord(generation: generation, rowOut: rows, rowErr: rows + 1, graceNanoseconds: 7, timeoutNanoseconds: 8)
  }
}

extension InventoryEntry {
  static func of(_ slot: UInt32, _ generation: UInt32, _ phase: Phase = .running, rows: UInt32 = 0) -> InventoryEntry {
    var entry = InventoryEntry(key: EntryKey(slot: slot, generation: generation), phase: phase)
    (entry.pid, entry.startTime, entry.hasOutput, entry.hasError) = (42, 43, true, true)
    (entry.rowOut, entry.rowErr) = (rows, rows + 1)
    return entry
  }
}

extension [UInt8] {
  fileprivate static var ofALaterBuild: [UInt8] {
    var writer = ByteWriter()
    FormatVersion(written: 99, needed: 99).write(to: &writer)
    writer.record { $0.put(UInt32(0)) }
    return writer.bytes
  }
}

// MARK: - Words

extension TakeOverDecision {
  var words: [String] {
    switch self {
    case .refuse(let error): ["refuse: \(error)"]
    case .noRoom(let id): ["no room for \(id)"]
    case .adopt(let adoptions): adoptions.map { "ask for \($0.key) of \($0.process)" }
    case .begin(let plan): plan.words
    }
  }
}

extension TakeOverPlan {
  var words: [String] {
    var words: [String] = []
    switch start {
    case .fresh(let desired):
      let held = desired.compactMap { wish in wish.heldBy.map { "held by \($0.words): \(wish.id)" } }
      words.append((["fresh"] + held).joined(separator: ", "))
    case .takeOver(let records):
      words.append("take over " + records.map(\.id.text).joined(separator: " "))
      words.append("\(alive) alive")
    }
    words += found.map(\.words) + vanished.map { "vanished \($0.id).\($0.generation)" }
    if !cleared.isEmpty { words.append("clear " + cleared.map { "\($0)" }.joined(separator: " ")) }
    words += places.values.sorted { $0.slot < $1.slot }.map(\.words)
    words.append("free " + freeRows.reversed().map { "\($0)" }.joined(separator: " "))
    if let terminatedBy { words.append("stopped by \(terminatedBy)") }
    return words
  }
}

extension TakeOverPlan.Found {
  fileprivate var words: String {
    switch action {
    case .adopt(let id): "adopt \(key) of \(id)"
    case .kill: "kill \(key)"
    case .forget: "forget \(key)"
    }
  }
}

extension TakeOverPlan.Place {
  fileprivate var words: String {
    let runs = self.runs.values.sorted { $0.generation < $1.generation }
    let named = runs.map { "\($0.generation)\($0.pid == 0 ? "" : " (pid \($0.pid))")" }
    return "\(id) in \(slot)\(named.isEmpty ? "" : ": ")\(named.joined(separator: ", "))"
  }
}
