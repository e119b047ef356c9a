internal import CLinux
internal import Glibc
internal import PupSystem

/// Leaders that another process has started: somebody else's children, or those that came up to this keeper.
extension RunWatch {
  enum Hold {
    case held
    /// Or its pid belongs to somebody else now.
    case gone
    /// It may live: there is no room for a descriptor of it.
    case failed(errno: Int32)
  }

  /// Whether an errno says nothing about the process that a descriptor was wanted of.
  static func isShortage(_ errno: Int32) -> Bool { [EMFILE, ENFILE, ENOMEM].contains(errno) }

  /// Takes hold of a leader by a pidfd, checked against its start time.
  func hold(leaderOf entry: inout Entry) -> Hold {
    guard entry.pid > 0 else { return .gone }
    let opened = pup_pidfd_open(entry.pid)
    guard opened >= 0 else { return Self.isShortage(-opened) ? .failed(errno: -opened) : .gone }
    let pidfd = Descriptor(opened)
    guard let stat = ProcFiles.stat(of: entry.pid) else {
      // Reading takes a descriptor as well.
      return pup_pidfd_signal(pidfd.number, 0) == -ESRCH ? .gone : .failed(errno: EMFILE)
    }
    // Start times are hundredths of a second. A child of the run's pup-init is proven by that; it may not have begun its session
    // yet. Any other leader leads its session, for good; few others do that so early in their lives.
    let isProven = stat.session == entry.pid || stat.parent == entry.tree.initProcess?.pid
    guard stat.startTime == entry.startTime, isProven, stat.state != UInt8(ascii: "X") else { return .gone }
    entry.handle = pidfd
    entry.isChild = stat.parent == getpid()
    if entry.isChild { children.addToRuns(entry.pid) } else { children.removeFromRuns(entry.pid) }
    return .held
  }

  /// Once more, for a leader that could not be held.
  private func holdAgain(_ key: EntryKey) {
    guard var entry = runs[key], entry.isLive, entry.exit == nil, entry.pid > 0, entry.pidfd < 0,
      entry.tree.initProcess == nil
    else { return }
    switch hold(leaderOf: &entry) {
    case .held: runs[key] = entry
    case .gone: recordExit(key, ExitRecord(kind: .unknown, value: 0))
    case .failed(let errno): trees.watchAgainLater(key, errno: errno)
    }
  }

  // MARK: Again

  /// Watches a run about which not everything would be noticed: after an exec, or where a descriptor could not be had.
  func rewatch(_ key: EntryKey) {
    guard let entry = runs[key] else { return }
    CloseOnExec.set(entry.allDescriptors)
    if entry.pid > 0, entry.isLive, entry.isChild { children.addToRuns(entry.pid) }
    resumeInit(of: key)
    holdAgain(key)
    trees.watchAll(key)
    // That a cgroup has emptied is told once, and may have been told already.
    if entry.tree.cgroup != nil { trees.check(key) }
    if entry.tree.isSession, case .exited = entry.phase { trees.lookNow() }
    if entry.pidfd >= 0, entry.isLive, entry.statusDeadline != nil { pollNow() }
  }

  private func resumeInit(of key: EntryKey) {
    guard let entry = runs[key], let initProcess = entry.tree.initProcess, let stat = ProcFiles.stat(of: initProcess.pid)
    else { return }
    // Not every keeper has noted it. The number cannot be another's where the process is a child of this one.
    if initProcess.startTime == 0 { runs[key]?.tree.initProcess?.startTime = stat.startTime }
    guard stat.parent == getpid() else { return }
    children.addToRuns(initProcess.pid)
    if entry.pid > 0, entry.isLive { children.addToRuns(entry.pid) }
  }
}
