internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

extension Keeper {
  private static let reservedDescriptors: UInt64 = 32

  private var descriptorLimit: UInt64 {
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    return pup_open_file_limits(&soft, &hard) >= 0 ? soft : .max
  }

  /// Starts a run, or records why it could not be started; both are told by a notice.
  func spawn(_ key: EntryKey, specification: Int32) {
    guard key.slot < EntryKey.slotLimit, lastGeneration[key.slot, default: 0] < key.generation else {
      // Asked twice (a brain that died between asking and hearing): what the first request did is in the inventory.
      if entries[key] == nil { recordFailure(key, stage: .refused, errno: EEXIST) } else { announceAgain(key) }
      return
    }
    lastGeneration[key.slot] = key.generation
    var identity = pup_file_identity()
    guard pup_identity(specification, &identity) >= 0, identity.size > 0,
      let base = mmap(nil, Int(identity.size), PROT_READ, MAP_PRIVATE, specification, 0), base != MAP_FAILED
    else {
      recordFailure(key, stage: .specification, errno: errno)
      return
    }
    defer { munmap(base, Int(identity.size)) }
    var plan = pup_spawn_plan()
    guard pup_plan_parse(base, Int(identity.size), &plan) == 0 else {
      recordFailure(key, stage: .specification, errno: EINVAL)
      return
    }
    defer { pup_plan_free(&plan) }
    start(key, plan: &plan, specification: specification)
  }

  private func announceAgain(_ key: EntryKey) {
    guard let phase = entries[key]?.phase else { return }
    switch phase {
    case .spawning: break
    case .running, .failed: entries[key]?.notices.insert(.outcome)
    case .exited: entries[key]?.notices.formUnion([.outcome, .exited])
    case .empty: entries[key]?.notices.formUnion([.outcome, .exited, .empty])
    }
    entries[key]?.announced = true
    announce(key)
  }

  func recordFailure(_ key: EntryKey, stage: SpawnStage, errno: Int32) {
    var entry = Entry(key: key, phase: .failed, tree: .session)
    entry.failureStage = stage.rawValue
    entry.failureErrno = errno
    entry.notices = .outcome
    entry.announced = true
    entries[key] = entry
    announce(key)
  }

  private func start(_ key: EntryKey, plan: inout pup_spawn_plan, specification: Int32) {
    let header = plan.header.pointee
    var entry = Entry(key: key, phase: .failed, tree: .session)
    entry.graceNanoseconds = header.grace_ns
    entry.timeoutNanoseconds = header.timeout_ns
    entry.isPlugin = header.flags & UInt32(PUP_SPAWN_PLUGIN) != 0
    entry.announced = true

    // What the child gets is closed here at the end, whatever happens.
    var childEnds: [Int32] = []
    defer { for descriptor in childEnds { close(descriptor) } }
    func fail(_ stage: SpawnStage, _ error: Int32) {
      for descriptor in entry.streamDescriptors { close(descriptor) }
      recordFailure(key, stage: stage, errno: error)
    }

    var errorRead: Int32 = -1
    var errorWrite: Int32 = -1
    let errorPipe = pup_pipe(&errorRead, &errorWrite, true)
    guard errorPipe >= 0 else { return fail(.pipe, -errorPipe) }
    childEnds.append(errorWrite)
    for (which, row) in [(OutputStream.standardOutput, header.row_out), (.standardError, header.row_err)] {
      entry[which] = makePipe(row: row, childEnd: &childEnds)
      if entry[which] == nil {
        let reason = errno
        close(errorRead)
        return fail(.pipe, reason)
      }
    }
    // Numbers are given out from below: what is left above has to be enough for a new brain and its sockets.
    guard UInt64(childEnds.max() ?? 0) + Self.reservedDescriptors < descriptorLimit else {
      close(errorRead)
      return fail(.pipe, EMFILE)
    }

    var request = pup_spawn_descriptors()
    request.null_fd = null
    request.out_fd = childEnds[1]
    request.err_fd = childEnds[2]
    request.error_fd = errorWrite
    request.cgroup_fd = -1
    let name = String(cString: plan.cgroup)
    var cgroup = makeCgroup(name)
    if let cgroup { request.cgroup_fd = cgroup.directory }

    let pid = withUnsafePointer(to: &plan) { plan in
      request.plan = plan
      if cgroup != nil {
        let pid = pup_spawn(&request, &entry.pidfd)
        if pid != -EPERM, pid != -EACCES, pid != -ENOSYS, pid != -EINVAL, pid != -EOPNOTSUPP, pid != -EBUSY { return pid }
        // The cgroup cannot be entered after all: a pup-init makes the tree as exact.
        discard(&cgroup)
      }
      return startInit(&request, entry: &entry, specification: specification)
    }
    guard pid > 0 else {
      discard(&cgroup)
      close(errorRead)
      return fail(.clone, -pid)
    }
    if let cgroup {
      entry.pid = pid
      entry.tree = .cgroup(name: cgroup.name, directory: cgroup.directory, events: cgroup.events)
      entry.startTime = ProcFiles.stat(of: pid)?.startTime ?? 0
      childPids.insert(pid)
      _ = watch(cgroup.events, WatchKey(.cgroupEvents, key), UInt32(PUP_EPOLL_PRI))
      _ = watch(entry.pidfd, WatchKey(.leader, key))
    }
    entry.phase = .spawning(errorPipe: errorRead)
    entries[key] = entry
    _ = watch(errorRead, WatchKey(.errorPipe, key))
  }

  private func startInit(_ request: inout pup_spawn_descriptors, entry: inout Entry, specification: Int32) -> Int32 {
    var reportRead: Int32 = -1
    var reportWrite: Int32 = -1
    let made = pup_pipe(&reportRead, &reportWrite, true)
    guard made >= 0 else { return made }
    // Readable by pup-init itself, so that it survives a keeper's death without SIGPIPE and a successor can open the pipe again.
    let reports = pup_reopen_read_write(reportWrite)
    var initPidfd: Int32 = -1
    let pid = pup_spawn_init(
      &request, arguments.initExecutable, specification, reports >= 0 ? reports : reportWrite,
      InitMark.word(runtime: arguments.runtime, key: entry.key), &initPidfd)
    close(reportWrite)
    if reports >= 0 { close(reports) }
    guard pid > 0 else {
      close(reportRead)
      return pid
    }
    entry.tree = .initProcess(pid: pid, pidfd: initPidfd, reports: reportRead)
    entry.isChild = false
    childPids.insert(pid)
    _ = watch(reportRead, WatchKey(.reports, entry.key))
    _ = watch(initPidfd, WatchKey(.initProcess, entry.key))
    return pid
  }

  /// A pipe whose far end is open for reading too: while the child lives there is a reader, so it never gets SIGPIPE, whoever dies here.
  private func makePipe(row: UInt32, childEnd: inout [Int32]) -> OutputPipe? {
    var readEnd: Int32 = -1
    var writeEnd: Int32 = -1
    let made = pup_pipe(&readEnd, &writeEnd, false)
    guard made >= 0 else {
      errno = -made
      return nil
    }
    let both = pup_reopen_read_write(writeEnd)
    if both >= 0 {
      close(writeEnd)
      childEnd.append(both)
    } else {
      // Without /proc the child has to make do with the plain end.
      childEnd.append(writeEnd)
    }
    return OutputPipe(descriptor: readEnd, row: row, consumed: 0)
  }

  // MARK: The outcome

  func errorPipeReady(_ key: EntryKey) {
    guard let entry = entries[key], case .spawning(let errorPipe) = entry.phase else { return }
    var report = pup_spawn_error()
    let count = read(errorPipe, &report, MemoryLayout<pup_spawn_error>.size)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    unwatch(errorPipe)
    close(errorPipe)
    if count == MemoryLayout<pup_spawn_error>.size {
      spawnFailed(key, report)
      return
    }
    entries[key]?.phase = .running
    // With a pup-init, its first report names the leader.
    if entry.pid != 0 { started(key) }
  }

  /// The program executes and its pid is known.
  func started(_ key: EntryKey) {
    entries[key]?.notices.insert(.outcome)
    announce(key)
    let deferred = entries[key]?.deferredSignals ?? []
    entries[key]?.deferredSignals = []
    for (signal, scope) in deferred { signalRun(key, signal, scope) }
  }

  private func spawnFailed(_ key: EntryKey, _ report: pup_spawn_error) {
    guard var entry = entries[key] else { return }
    entry.phase = .failed
    entry.failureStage = report.stage
    entry.failureErrno = report.error
    entry.notices.insert(.outcome)
    entries[key] = entry
    // The child is about to exit; its end is nobody's news.
    releaseTree(key)
    announce(key)
  }
}
