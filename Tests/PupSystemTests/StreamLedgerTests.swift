import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite struct StreamLedgerTests {
  @Test func whatOneSideWritesTheOtherReadsAndItOutlivesBoth() throws {
    let memory = try check(pup_memfd("test"), "memfd")
    defer { close(memory) }
    try check(pup_allocate(memory, Int64(8 * StreamLedger.rowSize)), "fallocate")
    do {
      let brain = try StreamLedger(descriptor: memory, rows: 8)
      let keeper = try StreamLedger(descriptor: memory, rows: 8)
      brain.allocate(row: 3, key: 99)
      keeper.setConsumed(10, row: 3)
      brain.setCommittedStore(20, row: 3)
      brain.setCommittedFile(30, row: 3)
      #expect(keeper.row(3) == StreamLedger.Row(key: 99, consumed: 10, committedStore: 20, committedFile: 30))
    }
    let later = try StreamLedger(descriptor: memory, rows: 8)
    #expect(later.row(3)?.committedFile == 30)
    later.allocate(row: 3, key: 100)
    #expect(later.row(3) == StreamLedger.Row(key: 100, consumed: 0, committedStore: 0, committedFile: 0))
    later.free(row: 3)
    #expect(later.row(3)?.key == 0)
  }

  @Test func rowsOutsideAreNoRows() throws {
    let memory = try check(pup_memfd("test"), "memfd")
    defer { close(memory) }
    try check(pup_allocate(memory, Int64(2 * StreamLedger.rowSize)), "fallocate")
    let ledger = try StreamLedger(descriptor: memory, rows: 2)
    ledger.setConsumed(1, row: 2)
    ledger.setConsumed(1, row: -1)
    #expect(ledger.row(2) == nil)
    #expect(ledger.row(-1) == nil)
    #expect(ledger.row(1)?.consumed == 0)
  }
}
