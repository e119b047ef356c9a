internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// Runs that an earlier keeper started. The leader is somebody else's child now; a pidfd, checked against the start time, stands for it.
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
    // An exit that was told already stands, even where the leader is still there as a zombie.
    let leaderLives = inventory.exit == nil && adoptLeader(of: &entry)
    entries[key] = entry
    watchAdopted(key)
    // An exit that a pup-init has reported meanwhile waits in its pipe.
    reportsReady(key)
    guard let current = entries[key] else { return }
    let members = members(of: current)
    if entry.output == nil || entry.error == nil { reopenPipes(key, inventory, among: [entry.pid] + members) }
    if !leaderLives, current.exit == nil {
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
    if !inventory.cgroup.isEmpty, let cgroup = openCgroup(inventory.cgroup) {
      entry.tree = .cgroup(name: cgroup.name, directory: cgroup.directory, events: cgroup.events)
    } else if inventory.initPid > 0 {
      adoptInit(of: &entry, inventory.initPid, inventory.initStartTime)
    } else if inventory.pid == 0, let found = InitMark.find(InitMark.word(runtime: arguments.runtime, key: entry.key)) {
      // The keeper before this one died between starting it and telling of it.
      adoptInit(of: &entry, found.pid, found.startTime)
    }
  }

  private func adoptInit(of entry: inout Entry, _ pid: Int32, _ startTime: UInt64) {
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else { return }
    // A reused pid has another start time.
    guard ProcFiles.stat(of: pid)?.startTime == startTime else {
      close(pidfd)
      return
    }
    let reports = pup_open("/proc/\(pid)/fd/4", O_RDONLY | O_NONBLOCK, 0)
    guard reports >= 0 else {
      close(pidfd)
      return
    }
    entry.tree = .initProcess(pid: pid, pidfd: pidfd, reports: reports)
  }

  /// False when the leader is gone (or its pid belongs to somebody else now).
  private func adoptLeader(of entry: inout Entry) -> Bool {
    if entry.pid == 0 { nameLeader(of: &entry) }
    guard entry.pid > 0 else { return false }
    let pidfd = pup_pidfd_open(entry.pid)
    guard pidfd >= 0 else { return false }
    guard let stat = ProcFiles.stat(of: entry.pid), stat.startTime == entry.startTime, stat.state != UInt8(ascii: "X") else {
      close(pidfd)
      return false
    }
    entry.pidfd = pidfd
    return true
  }

  /// The keeper died between starting the program and telling its pid.
  private func nameLeader(of entry: inout Entry) {
    switch entry.tree {
    case .cgroup:
      // The leader is the member that leads a session.
      for pid in members(of: entry).sorted() {
        guard let stat = ProcFiles.stat(of: pid), stat.session == pid else { continue }
        (entry.pid, entry.startTime) = (pid, stat.startTime)
        return
      }
    case .initProcess(let root, _, let reports):
      if ProcFiles.children(of: root)?.isEmpty == true {
        // It has only just begun, and says so once it has started the program; that takes it a millisecond.
        var report = pollfd(fd: reports, events: Int16(POLLIN), revents: 0)
        poll(&report, 1, 200)
      }
      // A pup-init's first child is the leader, unreaped while anything of the tree is left; orphans come after it.
      let children = (ProcFiles.children(of: root) ?? ProcFiles.descendants(of: root)).compactMap { pid in
        ProcFiles.stat(of: pid).map { (pid: pid, stat: $0) }
      }
      guard let first = children.filter({ $0.stat.parent == root }).min(by: { $0.stat.startTime < $1.stat.startTime })
      else { return }
      (entry.pid, entry.startTime) = (first.pid, first.stat.startTime)
    case .session: break
    }
  }

  private func watchAdopted(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    switch entry.tree {
    case .cgroup(_, _, let events): _ = watch(events, WatchKey(.cgroupEvents, key), UInt32(PUP_EPOLL_PRI))
    case .initProcess(_, let pidfd, let reports):
      _ = watch(reports, WatchKey(.reports, key))
      _ = watch(pidfd, WatchKey(.initProcess, key))
      // The exit is told by the reports.
      return
    case .session: break
    }
    if entry.pidfd >= 0 { _ = watch(entry.pidfd, WatchKey(.leader, key)) }
  }

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
