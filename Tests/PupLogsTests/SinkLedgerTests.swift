import CLinux
import Glibc
import PupSystem
import Testing

@testable import PupLogs

@Suite struct SinkLedgerTests {
  private func record(_ offset: UInt64, row: UInt32 = 3, key: UInt64 = 77) -> SinkRecord {
    SinkRecord(
      identity: .init(first: 5, second: 6), length: offset * 2, row: row, key: key, offset: offset, openMarks: 3, lost: 9)
  }

  @Test func aRecordIsReadBackByTheNextBrain() throws {
    let ledgers = try Ledgers()
    let entry = try #require(try ledgers.sinks().claim(.store, "web"))
    #expect(entry.newest == nil)
    for offset in 1...10 as ClosedRange<UInt64> {
      entry.publish(entry.prepare(record(offset)))
      let next = try ledgers.sinks()
      #expect(next.claim(.store, "web")?.newest == record(offset))
      #expect(next.claim(.file, "web")?.newest == nil)
      next.release(.file, "web")
    }
  }

  @Test func aRecordThatWasNotPublishedLeavesTheOldOneInForce() throws {
    let ledgers = try Ledgers()
    let entry = try #require(try ledgers.sinks().claim(.store, "web"))
    entry.publish(entry.prepare(record(1)))
    _ = entry.prepare(record(2))
    #expect(try ledgers.sinks().claim(.store, "web")?.newest == record(1))
    entry.publish(entry.prepare(record(3)))
    #expect(try ledgers.sinks().claim(.store, "web")?.newest == record(3))
  }

  @Test func noDamagedWordIsTakenForARecord() throws {
    let ledgers = try Ledgers()
    let entry = try #require(try ledgers.sinks().claim(.store, "web"))
    for offset in 1...2 as ClosedRange<UInt64> { entry.publish(entry.prepare(record(offset))) }
    // The slot of record 2 is one of the two; each of its words counts.
    for word in 6..<24 {
      let before = entry.words[word]
      entry.words[word] ^= 1
      let newest = entry.newest
      #expect(newest == record(1) || newest == record(2))
      entry.words[word] = before
    }
    #expect(entry.newest == record(2))
  }

  @Test func recoveryRaisesTheStreamOfTheLastCommit() throws {
    let ledgers = try Ledgers()
    let (streams, sinks) = (try ledgers.streams(), try ledgers.sinks())
    streams.allocate(row: 3, key: 77)
    streams.allocate(row: 4, key: 78)
    let store = try #require(sinks.claim(.store, "web"))
    let file = try #require(sinks.claim(.file, "/x"))
    store.publish(store.prepare(record(100)))
    file.publish(file.prepare(record(50)))
    for _ in 0..<2 {
      try ledgers.sinks().recover(into: streams)
      #expect(streams.row(3)?.committedStore == 100)
      #expect(streams.row(3)?.committedFile == 50)
    }
    // Another stream has the row now, and one that is further already stays where it is.
    streams.allocate(row: 3, key: 99)
    try ledgers.sinks().recover(into: streams)
    #expect(streams.row(3)?.committedStore == 0)
    streams.allocate(row: 3, key: 77)
    streams.setCommittedStore(200, row: 3)
    try ledgers.sinks().recover(into: streams)
    #expect(streams.row(3)?.committedStore == 200)
    #expect(streams.row(4)?.committedStore == 0)
  }

  @Test func aFullLedgerSaysSoAndFreesPlaces() throws {
    let file = try check(pup_memfd("small"), "memfd")
    defer { close(file) }
    try check(pup_allocate(file, Int64(LedgerHeader.size + 2 * SinkEntry.size)), "allocate")
    let ledger = try SinkLedger(descriptor: file)
    #expect(ledger.claim(.store, "a") != nil && ledger.claim(.store, "b") != nil)
    #expect(ledger.claim(.store, "c") == nil)
    ledger.release(.store, "a")
    let fresh = try #require(ledger.claim(.store, "c"))
    #expect(fresh.newest == nil)
    #expect(try SinkLedger(descriptor: file).claim(.store, "a") == nil)
  }

  @Test func aFileOfAnotherLayoutIsCleared() throws {
    let file = try check(pup_memfd("other"), "memfd")
    defer { close(file) }
    writeAll(file, [UInt8](repeating: 0xAB, count: 4096))
    let ledger = try SinkLedger(descriptor: file)
    #expect(ledger.claim(.store, "a")?.newest == nil)
  }
}
