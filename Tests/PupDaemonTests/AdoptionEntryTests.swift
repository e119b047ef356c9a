import CLinux
import Glibc
import PupInstance
import PupSystem
import Testing

@testable import PupDaemon

/// A run as another keeper is asked to adopt it.
@Suite struct AdoptionEntryTests {
  @Test func whatTheStateFileAndTheLedgerSayOfARun() throws {
    let memory = try Descriptor(pup_memfd("ledger"), "memfd")
    try check(pup_allocate(memory.number, StreamLedger.size(rows: 4)), "fallocate")
    let ledger = try StreamLedger(descriptor: memory.number, rows: 4)
    let key = EntryKey(slot: 2, generation: 9)
    ledger.allocate(row: 1, key: key.stream(.standardOutput))
    var run = RunRecord(generation: 9, rowOut: 1, rowErr: RunRecord.noRow, graceNanoseconds: 3, timeoutNanoseconds: 4)
    (run.pid, run.startTime, run.initPid, run.initStartTime) = (4000, 7, 4001, 8)
    (run.pipeOut, run.pipeErr) = (11, 12)
    let entry = InventoryEntry(adopting: run, key, of: "web", ledger)
    #expect(entry.key == key && entry.phase == .running)
    #expect((entry.pid, entry.startTime, entry.initPid, entry.initStartTime) == (4000, 7, 4001, 8))
    #expect((entry.pipeOut, entry.pipeErr, entry.rowOut, entry.rowErr) == (11, 12, 1, RunRecord.noRow))
    #expect(entry.cgroup == RunRecord.cgroupName(process: "web", generation: 9))
    #expect(entry.consumedOut == ledger.row(1)?.consumed && entry.consumedErr == 0)
    #expect(!entry.hasOutput && !entry.hasError)
  }
}
