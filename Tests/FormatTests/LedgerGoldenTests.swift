import Glibc
import PupBasics
import Testing

@testable import PupLogs
@testable import PupSystem

/// The tables that keeper and supervisor have mapped.
@Suite struct LedgerGoldenTests {
  @Test func streams() throws {
    let memory = try SystemError.memory(Int(StreamLedger.size(rows: 2)))
    defer { close(memory) }
    do {
      let ledger = try StreamLedger(descriptor: memory, rows: 2)
      ledger.allocate(row: 1, key: 99)
      ledger.setConsumed(10, row: 1)
      ledger.setCommittedStore(20, row: 1)
      ledger.setCommittedFile(30, row: 1)
    }
    for golden in try Golden(name: "streams").check(try SystemError.bytes(of: memory)) {
      #expect(pwrite(memory, golden, golden.count, 0) == golden.count)
      let row = try StreamLedger(descriptor: memory, rows: 2).row(1)
      #expect(row == StreamLedger.Row(key: 99, consumed: 10, committedStore: 20, committedFile: 30))
    }
  }

  @Test func sinks() throws {
    let memory = try SystemError.memory(LedgerHeader.size + 2 * SinkEntry.size)
    defer { close(memory) }
    let record = SinkRecord(
      identity: .init(first: 5, second: 6), length: 200, row: 3, key: 77, offset: 100, openMarks: 3, lost: 9)
    let intent = SinkIntent(start: 1, count: 2, key: 77, from: 100, to: 102, endsOpen: true, time: LogTime(microseconds: 9))
    do {
      let ledger = try SinkLedger(descriptor: memory)
      let store = try #require(ledger.claim(.store, "web"))
      store.publish(store.prepare(record))
      let file = try #require(ledger.claim(.file, "/srv/web.log"))
      file.publish(file.prepare(record))
      file.note(intent)
    }
    for golden in try Golden(name: "sinks").check(try SystemError.bytes(of: memory)) {
      #expect(pwrite(memory, golden, golden.count, 0) == golden.count)
      let ledger = try SinkLedger(descriptor: memory)
      #expect(ledger.claim(.store, "web")?.newest == record)
      #expect(ledger.claim(.file, "/srv/web.log")?.newest == record)
      #expect(ledger.claim(.file, "/srv/web.log")?.intent == intent)
    }
  }

  // MARK: Longer entries of a later build

  private func later(magic: UInt64, needed: UInt16, entrySize: Int, entries: [[UInt64]]) throws -> Int32 {
    let memory = try SystemError.memory(LedgerHeader.size + entries.count * entrySize)
    var writer = ByteWriter()
    writer.put(magic)
    FormatVersion(written: 2, needed: needed).write(to: &writer)
    writer.put(UInt32(entrySize))
    writer.append([UInt8](repeating: 0, count: LedgerHeader.size - 16))
    for entry in entries { for place in 0..<entrySize / 8 { writer.put(place < entry.count ? entry[place] : 0xFFFF) } }
    #expect(pwrite(memory, writer.bytes, writer.bytes.count, 0) == writer.bytes.count)
    return memory
  }

  @Test func longerRowsKeepTheirPlaces() throws {
    let magic: UInt64 = 0x4D52_5453_5055_5000
    let memory = try later(magic: magic, needed: 1, entrySize: 48, entries: [[1, 2, 3, 4], [5, 6, 7, 8]])
    defer { close(memory) }
    #expect(StreamLedger.rows(in: memory, size: 64 + 96) == 2)
    let ledger = try StreamLedger(descriptor: memory, rows: 2)
    #expect(ledger.row(1) == StreamLedger.Row(key: 5, consumed: 6, committedStore: 7, committedFile: 8))
    ledger.setConsumed(9, row: 0)
    #expect(try SystemError.bytes(of: memory)[64 + 32] == 0xFF)
    let other = try later(magic: magic, needed: 2, entrySize: 48, entries: [[1]])
    defer { close(other) }
    #expect(throws: SystemError.self) { try StreamLedger(descriptor: other, rows: 1) }
  }

  @Test func anEntryOfASinkOfAnUnknownKindIsLeftAlone() throws {
    let streams = try SystemError.memory(Int(StreamLedger.size(rows: 1)))
    defer { close(streams) }
    let rows = try StreamLedger(descriptor: streams, rows: 1)
    rows.allocate(row: 0, key: 77)
    let size = SinkEntry.size + 16
    let memory = try later(magic: 0x534B_4E49_5350_5550, needed: 1, entrySize: size, entries: [[], []])
    defer { close(memory) }
    pwrite(memory, [UInt8](repeating: 0, count: 2 * size), 2 * size, 64)
    do {
      let ledger = try SinkLedger(descriptor: memory)
      let entry = try #require(ledger.claim(.store, "web"))
      entry.publish(
        entry.prepare(SinkRecord(identity: .init(first: 5, second: 6), length: 200, row: 0, key: 77, offset: 100)))
      entry.words[2] = 9
    }
    let ledger = try SinkLedger(descriptor: memory)
    ledger.recover(into: rows)
    #expect(rows.row(0)?.committedStore == 0)
    #expect(ledger.claim(.store, "other") != nil)
    #expect(ledger.claim(.store, "third") == nil)
  }

  /// A later build's field of a row or an entry starts at 0 for each owner, whoever made the row its own.
  @Test func whatIsUsedAgainIsZeroUpToItsEnd() throws {
    let rows = try later(magic: 0x4D52_5453_5055_5000, needed: 1, entrySize: 48, entries: [[1, 2, 3, 4], [5, 6, 7, 8]])
    defer { close(rows) }
    try StreamLedger(descriptor: rows, rows: 2).allocate(row: 0, key: 77)
    let bytes = try SystemError.bytes(of: rows)
    #expect(bytes[64] == 77 && bytes[72..<112].allSatisfy { $0 == 0 })
    #expect(bytes[112] == 5 && bytes[112 + 32] == 0xFF)

    let size = SinkEntry.size + 16
    let sinks = try later(magic: 0x534B_4E49_5350_5550, needed: 1, entrySize: size, entries: [[0], [0]])
    defer { close(sinks) }
    let ledger = try SinkLedger(descriptor: sinks)
    let entry = try #require(ledger.claim(.store, "web"))
    #expect((3..<size / 8).allSatisfy { entry.words[$0] == 0 })
  }
}
