internal import PupInstance
internal import PupSystem

extension InventoryEntry {
  /// A run as a keeper that did not start it is asked to adopt it.
  init(adopting run: RunRecord, _ key: EntryKey, of process: String, _ ledger: StreamLedger?) {
    self.init(key: key, phase: .running)
    pid = run.pid
    startTime = run.startTime
    initPid = run.initPid
    initStartTime = run.initStartTime
    (pipeOut, pipeErr) = (run.pipeOut, run.pipeErr)
    // A run with a pup-init may have one as well: the keeper looks.
    cgroup = RunRecord.cgroupName(process: process, generation: run.generation)
    rowOut = run.rowOut
    rowErr = run.rowErr
    consumedOut = ledger?.row(Int(run.rowOut))?.consumed ?? 0
    consumedErr = ledger?.row(Int(run.rowErr))?.consumed ?? 0
  }
}
