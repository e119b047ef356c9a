internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

extension Keeper {
  // MARK: Leaders that this keeper can wait for, or watch

  func leaderEnded(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    if case .spawning = entry.phase { errorPipeReady(key) }
    guard let entry = entries[key] else { return }
    switch entry.phase {
    case .spawning, .running: break
    case .exited, .empty, .failed: return
    }
    if entry.isChild {
      var status = pup_child_status()
      let answer = pup_wait_pidfd(entry.pidfd, true, &status)
      guard answer != 0 else { return }
      unwatch(entry.pidfd)
      // An error means that somebody else has reaped it.
      recordExit(key, answer > 0 ? ExitRecord(status) : ExitRecord(kind: .unknown, value: 0))
    } else {
      unwatch(entry.pidfd)
      entries[key]?.statusDeadline = Clock.monotonic + 2 * Self.second
      pollAdoptedStatuses(Clock.monotonic)
    }
  }

  /// The exit status of a leader that somebody else reaps can be had once that has happened (Linux 6.15).
  func pollAdoptedStatuses(_ now: Int64) {
    statusPollAt = nil
    for (key, entry) in entries {
      guard let deadline = entry.statusDeadline else { continue }
      var waitStatus: Int32 = 0
      let answer = pup_pidfd_exit_info(entry.pidfd, &waitStatus)
      if answer > 0 {
        entries[key]?.statusDeadline = nil
        recordExit(key, ExitRecord(waitStatus: waitStatus))
      } else if answer < 0 || deadline <= now {
        entries[key]?.statusDeadline = nil
        recordExit(key, ExitRecord(kind: .unknown, value: 0))
      } else {
        statusPollAt = now + Self.second / 20
      }
    }
  }

  func recordExit(_ key: EntryKey, _ exit: ExitRecord) {
    guard entries[key]?.exit == nil else { return }
    var exit = exit
    exit.wallTime = Clock.wallMicroseconds
    if let entry = entries[key] { exit.ranOutOfMemory = ranOutOfMemory(entry, exit) }
    entries[key]?.exit = exit
    entries[key]?.phase = .exited
    entries[key]?.notices.insert(.exited)
    // In one turn where the tree is empty already, which is the usual case.
    checkTree(key)
    announce(key)
  }

  // MARK: pup-init

  func reportsReady(_ key: EntryKey) {
    guard let initProcess = entries[key]?.tree.initProcess else { return }
    var reports = [pup_init_report](repeating: pup_init_report(), count: Int(PUP_MOST_REPORTS))
    while true {
      let count = pup_read_reports(initProcess.reports, &reports, Int32(reports.count))
      guard count > 0 else { return }
      for report in reports.prefix(Int(count)) { reported(key, initProcess.pid, report) }
    }
  }

  private func reported(_ key: EntryKey, _ initPid: Int32, _ report: pup_init_report) {
    switch Int(report.type) {
    case PUP_REPORT_STARTED:
      entries[key]?.pid = report.pid
      // It comes to this keeper if the pup-init is killed, and must not be reaped as a stranger then.
      if entries[key]?.isLive == true, childPids.contains(initPid) { childPids.insert(report.pid) }
      entries[key]?.startTime = ProcFiles.stat(of: report.pid)?.startTime ?? 0
      if case .running? = entries[key]?.phase { started(key) }
    case PUP_REPORT_EXITED:
      if case .spawning? = entries[key]?.phase { errorPipeReady(key) }
      if case .failed? = entries[key]?.phase { return }
      recordExit(key, ExitRecord(report))
    case PUP_REPORT_EMPTY:
      entries[key]?.tree.initProcess?.hasEmptied = true
      // In a cgroup, pup-init itself is left, for a moment.
      if case .exited? = entries[key]?.phase, entries[key]?.tree.cgroup == nil { treeEmptied(key) }
    default: break
    }
  }

  /// The last report usually came first. Without it somebody killed pup-init: its orphans come up to this keeper, which continues
  /// with what else the tree is known by.
  func initProcessEnded(_ key: EntryKey) {
    reportsReady(key)
    guard let entry = entries[key], let initProcess = entry.tree.initProcess else { return }
    if case .spawning = entry.phase { errorPipeReady(key) }
    // Nobody asks for its status; one that an earlier keeper has started is reaped elsewhere.
    var status = pup_child_status()
    _ = pup_wait_pid(initProcess.pid, false, &status)
    releaseInit(of: key)
    guard let entry = entries[key], entry.isLive else { return }
    let isExpected = entry.tree.cgroup != nil && (initProcess.hasEmptied || entry.isKilled)
    if !isExpected {
      complain(
        "the pup-init of run \(key) was killed; its tree is known by its \(entry.tree.cgroup == nil ? "session" : "cgroup") from now on"
      )
    }
    switch entry.phase {
    case .exited: checkTree(key)
    default: followOrphan(key)
    }
  }

  /// Lets go of a pup-init that has said its last word and is about to exit: from here on it is reaped like a stranger.
  func dismissInit(of key: EntryKey) {
    guard let initProcess = entries[key]?.tree.initProcess else { return }
    releaseInit(of: key)
    dismissed.insert(initProcess.pid)
    strangersAt = strangersAt ?? Clock.monotonic + Self.second / 2
  }

  private func releaseInit(of key: EntryKey) {
    guard let initProcess = entries[key]?.tree.initProcess else { return }
    for descriptor in [initProcess.pidfd, initProcess.reports] {
      unwatch(descriptor)
      close(descriptor)
    }
    if childPids.remove(initProcess.pid) != nil, let pid = entries[key]?.pid { childPids.remove(pid) }
    entries[key]?.tree.initProcess = nil
  }

  private func followOrphan(_ key: EntryKey) {
    guard var entry = entries[key] else { return }
    // Of a run that was adopted, the leader is held already. Its orphans went to whoever reaps there.
    let leader = entry.pidfd >= 0 ? .held : holdLeader(of: &entry)
    entries[key] = entry
    switch leader {
    case .held: watchAll(key)
    case .gone: recordExit(key, ExitRecord(kind: .unknown, value: 0))
    case .failed(let errno): watchAgainLater(key, errno: errno)
    }
  }
}

extension ExitRecord {
  init(code: Int32, status: Int32) {
    switch code {
    case Int32(CLD_EXITED): self.init(kind: .exited, value: status)
    case Int32(CLD_DUMPED): self.init(kind: .dumpedCore, value: status)
    default: self.init(kind: .signaled, value: status)
    }
  }

  init(_ status: pup_child_status) {
    self.init(code: status.code, status: status.status)
    (userMicroseconds, systemMicroseconds, maxResidentKilobytes) = (status.user_us, status.system_us, status.max_rss_kb)
  }

  init(_ report: pup_init_report) {
    self.init(code: report.code, status: report.status)
    (userMicroseconds, systemMicroseconds, maxResidentKilobytes) = (report.user_us, report.system_us, report.max_rss_kb)
  }

  /// As wait(2) encodes it.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    if signal == 0 {
      self.init(kind: .exited, value: waitStatus >> 8 & 0xFF)
    } else {
      self.init(kind: waitStatus & 0x80 != 0 ? .dumpedCore : .signaled, value: signal)
    }
  }
}
