import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite struct StreamLedgerTests {
  @Test func whatOneSideWritesTheOtherReadsAndItOutlivesBoth() throws {
    let memory = try check(pup_memfd("test"), "memfd")
    defer { close(memory) }
    try check(pup_allocate(memory, StreamLedger.size(rows: 8)), "fallocate")
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
    try check(pup_allocate(memory, StreamLedger.size(rows: 2)), "fallocate")
    let ledger = try StreamLedger(descriptor: memory, rows: 2)
    ledger.setConsumed(1, row: 2)
    ledger.setConsumed(1, row: -1)
    #expect(ledger.row(2) == nil)
    #expect(ledger.row(-1) == nil)
    #expect(ledger.row(1)?.consumed == 0)
  }

  /// `: > streams`, by accident: the next touch of the mapping would be SIGBUS.
  @Test func aFileThatIsCutIsNoCrash() throws {
    let memory = try check(pup_memfd("test"), "memfd")
    defer { close(memory) }
    try check(pup_allocate(memory, StreamLedger.size(rows: 1024)), "fallocate")
    let keeper = try StreamLedger(descriptor: memory, rows: 1024)
    keeper.allocate(row: 1000, key: 7)
    let before = pup_replaced_pages()
    #expect(ftruncate(memory, 0) == 0)
    keeper.setConsumed(3, row: 1000)
    #expect(keeper.row(1000)?.consumed == 3 && keeper.row(1)?.key == 0)
    #expect(pup_replaced_pages() > before)
    // Whoever maps it next has a file of the full length again.
    let brain = try StreamLedger(descriptor: memory, rows: 1024)
    brain.allocate(row: 1023, key: 8)
    #expect(try StreamLedger(descriptor: memory, rows: 1024).row(1023)?.key == 8)
  }
}
