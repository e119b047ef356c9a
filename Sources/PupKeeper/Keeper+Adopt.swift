internal import CLinux
internal import Glibc
internal import PupSystem

/// Runs that an earlier keeper started. The leader is somebody else's child now; a pidfd, checked against the start time, stands
/// for it.
extension Keeper {
  func adopt(_ inventory: InventoryEntry, grace: UInt64, timeout: UInt64, descriptors: [Int32]) {
    let key = inventory.key
    guard entries[key] == nil, key.slot < EntryKey.slotLimit else {
      for descriptor in descriptors { close(descriptor) }
      // Started by this keeper in between: what it is now is the answer.
      entries[key]?.notices = .adopted
      entries[key]?.announced = true
      announce(key)
      return
    }
    var entry = Entry(key: key, phase: .running, tree: .session)
    entry.isChild = false
    entry.pid = inventory.pid
    entry.startTime = inventory.startTime
    entry.graceNanoseconds = grace
    entry.timeoutNanoseconds = timeout
    // One message tells the outcome, whatever is found on the way.
    entry.announced = false
    var given = descriptors[...]
    if inventory.hasOutput, let descriptor = given.popFirst() {
      entry.output = OutputPipe(descriptor: descriptor, row: inventory.rowOut, consumed: inventory.consumedOut)
    }
    if inventory.hasError, let descriptor = given.popFirst() {
      entry.error = OutputPipe(descriptor: descriptor, row: inventory.rowErr, consumed: inventory.consumedErr)
    }
    for descriptor in given { close(descriptor) }

    adoptTree(of: &entry, inventory)
    if entry.pid == 0 { nameLeader(of: &entry) }
    // An exit that was told already stands, even where the leader is still there as a zombie.
    let leader = inventory.exit == nil ? holdLeader(of: &entry) : .gone
    entries[key] = entry
    watchAll(key)
    if case .failed(let errno) = leader { watchAgainLater(key, errno: errno) }
    // An exit that a pup-init has reported meanwhile waits in its pipe.
    reportsReady(key)
    guard let current = entries[key] else { return }
    let members = processTree(of: current).members()
    if entry.output == nil || entry.error == nil { reopenPipes(key, inventory, among: [entry.pid] + members) }
    if case .gone = leader, current.exit == nil {
      entries[key]?.exit = inventory.exit ?? ExitRecord(kind: .unknown, value: 0)
      entries[key]?.phase = .exited
      if members.isEmpty { treeEmptied(key) } else { checkTree(key) }
    }
    // A run that is over may be asked for again by the same number: the instance that it belonged to is gone.
    if entries[key]?.isLive == true { lastGeneration[key.slot] = max(lastGeneration[key.slot, default: 0], key.generation) }
    entries[key]?.notices = .adopted
    entries[key]?.announced = true
    announce(key)
  }

  private func adoptTree(of entry: inout Entry, _ inventory: InventoryEntry) {
    if inventory.initPid > 0 {
      adoptInit(of: &entry, inventory.initPid, inventory.initStartTime)
    } else if inventory.pid == 0, let found = InitMark.find(InitMark.word(runtime: arguments.runtime, key: entry.key)) {
      // The keeper before this one died between starting it and telling of it.
      adoptInit(of: &entry, found.pid, found.startTime)
    }
    do throws(SystemError) {
      guard let cgroup = try cgroups.open(inventory.cgroup) else { return }
      entry.tree.cgroup = cgroup
      // A run with a pup-init need not have one: what is left of another try may have its name.
      let hasInit = inventory.initPid > 0 || entry.tree.initProcess != nil
      if hasInit, !isInCgroup(entry.tree.initProcess?.pid ?? inventory.pid, entry) {
        for descriptor in [cgroup.directory, cgroup.events] { close(descriptor) }
        entry.tree.cgroup = nil
      }
    } catch {
      complain("the cgroup of run \(entry.key) cannot be taken over (\(error)); its tree is known by what else it has")
    }
  }

  private func isInCgroup(_ pid: Int32, _ entry: Entry) -> Bool { processTree(of: entry).cgroup?.contains(pid) ?? false }

  private func adoptInit(of entry: inout Entry, _ pid: Int32, _ startTime: UInt64) {
    func failed(_ what: String, _ code: Int32) {
      complain(
        "the pup-init of run \(entry.key), pid \(pid), cannot be taken over (\(what): \(String(cString: pup_error_text(-code)))); "
          + "its tree is known by what else it has")
    }
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else {
      if Self.isShortage(-pidfd) { failed("pidfd_open", pidfd) }
      return
    }
    // A reused pid has another start time.
    guard ProcFiles.stat(of: pid)?.startTime == startTime else {
      close(pidfd)
      return
    }
    let reports = pup_open("/proc/\(pid)/fd/4", O_RDONLY | O_NONBLOCK, 0)
    guard reports >= 0 else {
      close(pidfd)
      return failed("open its reports", reports)
    }
    entry.tree.initProcess = Tree.InitProcess(pid: pid, startTime: startTime, pidfd: pidfd, reports: reports)
  }

  // MARK: The leader

  enum Hold {
    case held
    /// Or its pid belongs to somebody else now.
    case gone
    /// It may live: there is no room for a descriptor of it.
    case failed(errno: Int32)
  }

  /// Takes hold of a leader that another process has started.
  func holdLeader(of entry: inout Entry) -> Hold {
    guard entry.pid > 0 else { return .gone }
    let pidfd = pup_pidfd_open(entry.pid)
    guard pidfd >= 0 else { return Self.isShortage(-pidfd) ? .failed(errno: -pidfd) : .gone }
    guard let stat = ProcFiles.stat(of: entry.pid) else {
      defer { close(pidfd) }
      // Reading takes a descriptor as well.
      return pup_pidfd_signal(pidfd, 0) == -ESRCH ? .gone : .failed(errno: EMFILE)
    }
    // Start times are hundredths of a second. A child of the run's pup-init is proven by that; it may not have begun its session
    // yet. Any other leader leads its session, for good; few others do that so early in their lives.
    let isProven = stat.session == entry.pid || stat.parent == entry.tree.initProcess?.pid
    guard stat.startTime == entry.startTime, isProven, stat.state != UInt8(ascii: "X") else {
      close(pidfd)
      return .gone
    }
    entry.pidfd = pidfd
    entry.isChild = stat.parent == getpid()
    if entry.isChild { childPids.insert(entry.pid) } else { childPids.remove(entry.pid) }
    return .held
  }

  private static func isShortage(_ errno: Int32) -> Bool { [EMFILE, ENFILE, ENOMEM].contains(errno) }

  /// Once more, for a leader that could not be held.
  func holdLeaderAgain(_ key: EntryKey) {
    guard var entry = entries[key], entry.isLive, entry.exit == nil, entry.pid > 0, entry.pidfd < 0,
      entry.tree.initProcess == nil
    else { return }
    switch holdLeader(of: &entry) {
    case .held: entries[key] = entry
    case .gone: recordExit(key, ExitRecord(kind: .unknown, value: 0))
    case .failed(let errno): watchAgainLater(key, errno: errno)
    }
  }

  /// The keeper died between starting the program and telling its pid.
  private func nameLeader(of entry: inout Entry) {
    if let initProcess = entry.tree.initProcess {
      if ProcFiles.children(of: initProcess.pid)?.isEmpty == true {
        // It has only just begun, and says so once it has started the program; that takes it a millisecond. Its children are
        // looked at in any case.
        var report = pollfd(fd: initProcess.reports, events: Int16(POLLIN), revents: 0)
        poll(&report, 1, 200)
      }
      // A pup-init's first child is the leader, unreaped while anything of the tree is left; orphans come after it.
      let children = (ProcFiles.children(of: initProcess.pid) ?? ProcFiles.descendants(of: initProcess.pid)).compactMap { pid in
        ProcFiles.stat(of: pid).map { (pid: pid, stat: $0) }
      }
      guard
        let first = children.filter({ $0.stat.parent == initProcess.pid }).min(by: { $0.stat.startTime < $1.stat.startTime })
      else { return }
      (entry.pid, entry.startTime) = (first.pid, first.stat.startTime)
    } else if entry.tree.cgroup != nil {
      // The leader is the member that leads a session.
      for pid in processTree(of: entry).members().sorted() {
        guard let stat = ProcFiles.stat(of: pid), stat.session == pid else { continue }
        (entry.pid, entry.startTime) = (pid, stat.startTime)
        return
      }
    }
  }

  // MARK: Output

  /// The read ends died with the last keeper; any member of the tree still has the pipe open.
  private func reopenPipes(_ key: EntryKey, _ inventory: InventoryEntry, among pids: [Int32]) {
    for which in OutputStream.allCases where entries[key]?[which] == nil {
      let (row, consumed, inode) =
        which == .standardOutput
        ? (inventory.rowOut, inventory.consumedOut, inventory.pipeOut)
        : (inventory.rowErr, inventory.consumedErr, inventory.pipeErr)
      for pid in pids where pid > 0 {
        guard let descriptor = openPipe(of: pid, which, inode) else { continue }
        entries[key]?[which] = OutputPipe(descriptor: descriptor, row: row, consumed: consumed)
        break
      }
    }
  }

  /// - Parameter inode: 0 where the brain never got to know the pipe.
  private func openPipe(of pid: Int32, _ which: OutputStream, _ inode: UInt64) -> Int32? {
    let descriptor = pup_open("/proc/\(pid)/fd/\(which.rawValue)", O_RDONLY | O_NONBLOCK, 0)
    guard descriptor >= 0 else { return nil }
    // A program may have put its output elsewhere, also into a pipe of its own; only ours may be read.
    var identity = pup_file_identity()
    guard pup_pipe_capacity(descriptor) > 0, pup_identity(descriptor, &identity) >= 0, inode == 0 || identity.inode == inode
    else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}
