internal import CLinux
internal import CSpawn
internal import PupSystem

/// Runs that have a pup-init, which reaps and reports.
extension RunWatch {
  func reportsReady(_ key: EntryKey) {
    guard let initProcess = runs[key]?.tree.initProcess else { return }
    var reports = [pup_init_report](repeating: pup_init_report(), count: Int(PUP_MOST_REPORTS))
    while true {
      let count = pup_read_reports(initProcess.reports.number, &reports, Int32(reports.count))
      guard count > 0 else { return }
      for report in reports.prefix(Int(count)) { reported(key, initProcess.pid, report) }
    }
  }

  private func reported(_ key: EntryKey, _ initPid: Int32, _ report: pup_init_report) {
    switch Int(report.type) {
    case PUP_REPORT_STARTED:
      runs[key]?.pid = report.pid
      // It comes to this keeper if the pup-init is killed, and must not be reaped as a stranger then.
      if runs[key]?.isLive == true, children.ofRuns.contains(initPid) { children.addToRuns(report.pid) }
      runs[key]?.startTime = ProcFiles.stat(of: report.pid)?.startTime ?? 0
      if case .running? = runs[key]?.phase { started(key) }
    case PUP_REPORT_EXITED:
      if case .spawning? = runs[key]?.phase { errorPipeReady(key) }
      if case .failed? = runs[key]?.phase { return }
      recordExit(key, ExitRecord(report))
    case PUP_REPORT_EMPTY:
      runs[key]?.tree.initProcess?.hasEmptied = true
      // In a cgroup, pup-init itself is left, for a moment.
      if case .exited? = runs[key]?.phase, runs[key]?.tree.cgroup == nil { trees.end(key) }
    default: break
    }
  }

  /// The last report usually came first. Without it somebody killed pup-init: its orphans come up to this keeper, which continues
  /// with what else the tree is known by.
  func initProcessEnded(_ key: EntryKey) {
    reportsReady(key)
    guard let entry = runs[key], let initProcess = entry.tree.initProcess else { return }
    if case .spawning = entry.phase { errorPipeReady(key) }
    // Nobody asks for its status; one that an earlier keeper has started is reaped elsewhere.
    var status = pup_child_status()
    _ = pup_wait_pid(initProcess.pid, false, &status)
    releaseInit(of: key)
    guard let entry = runs[key], entry.isLive else { return }
    let isExpected = entry.tree.cgroup != nil && (initProcess.hasEmptied || entry.isKilled)
    if !isExpected {
      complain(
        "the pup-init of run \(key) was killed; its tree is known by its \(entry.tree.cgroup == nil ? "session" : "cgroup") from now on"
      )
    }
    switch entry.phase {
    case .exited: trees.check(key)
    default: followOrphan(key)
    }
  }

  /// Lets go of a pup-init that has said its last word and is about to exit: from here on it is reaped like a stranger.
  func dismissInit(of key: EntryKey) {
    guard let initProcess = runs[key]?.tree.initProcess else { return }
    releaseInit(of: key)
    children.dismiss(initProcess.pid)
    children.lookSoon()
  }

  private func releaseInit(of key: EntryKey) {
    guard let initProcess = runs[key]?.tree.initProcess else { return }
    for descriptor in [initProcess.pidfd, initProcess.reports] {
      poller.remove(descriptor.number)
      descriptor.close()
    }
    if children.removeFromRuns(initProcess.pid), let pid = runs[key]?.pid { children.removeFromRuns(pid) }
    runs[key]?.tree.initProcess = nil
  }

  private func followOrphan(_ key: EntryKey) {
    guard var entry = runs[key] else { return }
    // Of a run that was adopted, the leader is held already. Its orphans went to whoever reaps there.
    let leader = entry.pidfd >= 0 ? .held : hold(leaderOf: &entry)
    runs[key] = entry
    switch leader {
    case .held: trees.watchAll(key)
    case .gone: recordExit(key, ExitRecord(kind: .unknown, value: 0))
    case .failed(let errno): trees.watchAgainLater(key, errno: errno)
    }
  }
}
