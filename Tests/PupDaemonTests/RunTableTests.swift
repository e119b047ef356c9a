import CLinux
import Glibc
import PupInstance
import PupSystem
import PupTestSupport
import Testing

@testable import PupConfig
@testable import PupCore
@testable import PupDaemon

/// Runs, and what they hold.
@Suite struct RunTableTests {
  private static let rows = 4
  private let web = RunKey(id: ProcessID("web"), generation: 1)

  /// With `web` and `db` in the places 0 and 1, and room for two runs.
  private func table() throws -> (RunTable, StreamLedger) {
    let memory = try check(pup_memfd("ledger"), "memfd")
    defer { close(memory) }
    try check(pup_allocate(memory, StreamLedger.size(rows: Self.rows)), "fallocate")
    let ledger = try StreamLedger(descriptor: memory, rows: Self.rows)
    let report = PupConfiguration.load(
      bytes: Array(#"{ processes: [{ id: "web", cmd: "a" }, { id: "db", cmd: "b" }] }"#.utf8), path: "pup.json", directory: "/",
      environment: SystemConfigurationEnvironment(variables: [:]), checkingFiles: false)
    let configuration = try #require(report.configuration)
    var facts = TakeOverFacts.of([:], begun: false)
    facts.rows = Self.rows
    return (RunTable(try facts.plan(), configuration, ledger), ledger)
  }

  @Test func aRunHoldsItsRowsUntilItIsDone() throws {
    let (made, ledger) = try table()
    var runs = made
    runs.open(web)
    let entry = try #require(runs.entry(of: web))
    #expect(entry == EntryKey(slot: 0, generation: 1) && runs.key(of: entry) == web)
    let record = try #require(runs[web]?.record)
    #expect(ledger.row(Int(record.rowOut))?.key == entry.stream(.standardOutput))
    #expect(ledger.row(Int(record.rowErr))?.key == entry.stream(.standardError))
    // Each of the three has to be over.
    runs.update(web) { $0.openStreams = [.standardOutput] }
    #expect(runs.closeIfDone(web) == nil)
    runs.update(web) { $0.isEmpty = true }
    runs.update(web) { $0.isReleased = true }
    #expect(runs.closeIfDone(web) == nil && !runs.hasNoRuns)
    runs.update(web) { $0.openStreams = [] }
    #expect(runs.closeIfDone(web)?.record == record)
    #expect(runs.hasNoRuns && runs.key(of: entry) == nil && ledger.row(Int(record.rowOut))?.key == 0)
  }

  @Test func thereAreAsManyRunsAsRows() throws {
    var runs = try table().0
    for generation in 1...3 as ClosedRange<UInt32> { runs.open(RunKey(id: web.id, generation: generation)) }
    #expect(runs[web.id]?.runs.keys.sorted() == [1, 2])
    #expect(runs.newest(of: web.id)?.key.generation == 2)
    runs.update(web) { ($0.isEmpty, $0.isReleased) = (true, true) }
    #expect(runs.closeIfDone(web) != nil)
    runs.open(RunKey(id: web.id, generation: 3))
    #expect(runs[web.id]?.runs.keys.sorted() == [2, 3])
  }

  /// Asked for again by its number it keeps what it holds.
  @Test func anOpenRunIsNotOpenedAgain() throws {
    var runs = try table().0
    runs.open(web)
    let record = runs[web]?.record
    runs.update(web) { $0.isRequested = true }
    runs.open(web)
    #expect(runs[web]?.record == record && runs[web]?.isRequested == true)
  }

  /// A row that is another run's by now is not taken from it.
  @Test func anothersRowIsNotFreed() throws {
    let (made, ledger) = try table()
    var runs = made
    runs.open(web)
    let record = try #require(runs[web]?.record)
    let other = EntryKey(slot: 1, generation: 7).stream(.standardOutput)
    ledger.allocate(row: Int(record.rowOut), key: other)
    runs.update(web) { ($0.isEmpty, $0.isReleased) = (true, true) }
    #expect(runs.closeIfDone(web) != nil)
    #expect(ledger.row(Int(record.rowOut))?.key == other && ledger.row(Int(record.rowErr))?.key == 0)
  }

  @Test func whatIsNotThereIsNotChanged() throws {
    var runs = try table().0
    let strangers = [RunKey(id: ProcessID("old"), generation: 1), RunKey(id: web.id, generation: 9)]
    for stranger in strangers {
      runs.update(stranger) { $0.isEmpty = true }
      #expect(runs[stranger] == nil && runs.closeIfDone(stranger) == nil)
    }
    #expect(runs.key(of: EntryKey(slot: 3, generation: 1)) == nil && runs.entry(of: strangers[0]) == nil)
  }

  @Test func aPlaceIsFreeWhenNothingIsLeft() throws {
    var runs = try table().0
    runs.open(web)
    runs.removeConfiguration(of: web.id)
    #expect(runs.dropIfUnused(web.id) == nil)
    runs.update(web) { ($0.isEmpty, $0.isReleased) = (true, true) }
    #expect(runs.closeIfDone(web) != nil)
    #expect(runs.dropIfUnused(web.id) == 0)
    #expect(runs[web.id] == nil && runs.process(in: 0) == nil)
  }
}
