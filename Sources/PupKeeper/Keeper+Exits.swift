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
    guard let entry = entries[key], case .initProcess(_, _, let reports) = entry.tree else { return }
    var report = pup_init_report()
    while read(reports, &report, MemoryLayout<pup_init_report>.size) == MemoryLayout<pup_init_report>.size {
      switch Int(report.type) {
      case PUP_REPORT_STARTED:
        entries[key]?.pid = report.pid
        entries[key]?.startTime = ProcFiles.stat(of: report.pid)?.startTime ?? 0
        if case .running? = entries[key]?.phase { started(key) }
      case PUP_REPORT_EXITED:
        if case .spawning? = entries[key]?.phase { errorPipeReady(key) }
        if case .failed? = entries[key]?.phase { continue }
        recordExit(key, ExitRecord(report))
      case PUP_REPORT_EMPTY:
        if case .exited? = entries[key]?.phase { treeEmptied(key) }
      default: break
      }
    }
  }

  /// The last report usually came first. Without it somebody killed pup-init: its orphans come up to this keeper, which goes on with the
  /// leader's session.
  func initProcessEnded(_ key: EntryKey) {
    reportsReady(key)
    guard let entry = entries[key], case .initProcess(let pid, let pidfd, let reports) = entry.tree else { return }
    if case .spawning = entry.phase { errorPipeReady(key) }
    var status = pup_child_status()
    _ = pup_wait_pid(pid, false, &status)
    childPids.remove(pid)
    unwatch(pidfd)
    close(pidfd)
    unwatch(reports)
    close(reports)
    guard let entry = entries[key], entry.isLive else {
      entries[key]?.tree = .session
      return
    }
    complain("the pup-init of run \(key) was killed; its tree is known by its session from now on")
    entries[key]?.tree = .session
    switch entry.phase {
    case .exited: checkTree(key)
    default: followOrphan(key)
    }
  }

  private func followOrphan(_ key: EntryKey) {
    guard let entry = entries[key], entry.pid > 0 else { return recordExit(key, ExitRecord(kind: .unknown, value: 0)) }
    let pidfd = pup_pidfd_open(entry.pid)
    guard pidfd >= 0, let stat = ProcFiles.stat(of: entry.pid), stat.startTime == entry.startTime else {
      if pidfd >= 0 { close(pidfd) }
      return recordExit(key, ExitRecord(kind: .unknown, value: 0))
    }
    entries[key]?.pidfd = pidfd
    // Below a pup-init that was adopted, the orphan went to whoever reaps there.
    entries[key]?.isChild = stat.parent == getpid()
    if stat.parent == getpid() { childPids.insert(entry.pid) }
    _ = watch(pidfd, WatchKey(.leader, key))
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
