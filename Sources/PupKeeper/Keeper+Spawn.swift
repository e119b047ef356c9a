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
    let known = pup_identity(specification, &identity)
    guard known >= 0 else { return recordFailure(key, stage: .specification, errno: -known) }
    guard identity.size > 0 else { return recordFailure(key, stage: .specification, errno: EINVAL) }
    guard let base = mmap(nil, Int(identity.size), PROT_READ, MAP_PRIVATE, specification, 0), base != MAP_FAILED else {
      return recordFailure(key, stage: .specification, errno: errno)
    }
    // A mapping of this process's own cannot fail to be taken away.
    defer { munmap(base, Int(identity.size)) }
    var plan = pup_spawn_plan()
    let parsed = pup_plan_parse(base, Int(identity.size), &plan)
    guard parsed == 0 else { return recordFailure(key, stage: .specification, errno: -parsed) }
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
    let header = plan.header
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
      do throws(SystemError) {
        entry[which] = try makePipe(row: row, childEnd: &childEnds)
      } catch {
        close(errorRead)
        return fail(.pipe, error.errno)
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
    let pid = withUnsafePointer(to: &plan) { plan in
      request.plan = plan
      return startTree(&request, entry: &entry, specification: specification)
    }
    guard pid > 0 else {
      close(errorRead)
      return fail(.clone, -pid)
    }
    childPids.insert(pid)
    entry.phase = .spawning(errorPipe: errorRead)
    entries[key] = entry
    let watched = entry.watches.map { watch($0.descriptor, WatchKey($0.kind, key), $0.events) }.min() ?? 0
    if watched < 0 { abandon(key, errno: -watched) }
  }

  /// A run that would end unnoticed is none: it is killed before its program has done anything, and reported as one that could
  /// not be started.
  private func abandon(_ key: EntryKey, errno: Int32) {
    guard let entry = entries[key], case .spawning(let errorPipe) = entry.phase else { return }
    unwatch(errorPipe)
    close(errorPipe)
    if let initProcess = entry.tree.initProcess {
      // Neither call fails for a process that is unreaped. Stopped, it starts nobody after its children have been listed.
      _ = pup_pidfd_signal(initProcess.pidfd, SIGSTOP)
      processTree(of: entry).kill()
      _ = pup_pidfd_signal(initProcess.pidfd, SIGKILL)
      dismissInit(of: key)
    } else {
      processTree(of: entry).kill()
    }
    releaseTree(key)
    for descriptor in entry.streamDescriptors { close(descriptor) }
    recordFailure(key, stage: .watch, errno: errno)
  }

  // MARK: The tree

  /// Below a pup-init where there can be no cgroup, and for a plugin in any case: its namespaces need a first process, and its
  /// limits the cgroup.
  /// - Returns: the pid of this keeper's child, or -errno.
  private func startTree(_ request: inout pup_spawn_descriptors, entry: inout Entry, specification: Int32) -> Int32 {
    request.cgroup_fd = -1
    if let cgroup = cgroups.make(String(cString: request.plan.pointee.cgroup)) {
      request.cgroup_fd = cgroup.directory
      let pid =
        entry.isPlugin
        ? startInit(&request, entry: &entry, specification: specification) : startLeader(&request, entry: &entry)
      if pid > 0 { entry.tree.cgroup = cgroup } else { cgroups.discard(cgroup) }
      // Where the cgroup cannot be entered after all, a pup-init makes the tree as exact.
      guard [-EPERM, -EACCES, -ENOSYS, -EINVAL, -EOPNOTSUPP, -EBUSY].contains(pid) else { return pid }
      request.cgroup_fd = -1
    }
    return startInit(&request, entry: &entry, specification: specification)
  }

  private func startLeader(_ request: inout pup_spawn_descriptors, entry: inout Entry) -> Int32 {
    let pid = pup_spawn(&request, &entry.pidfd)
    guard pid > 0 else { return pid }
    entry.pid = pid
    entry.startTime = ProcFiles.stat(of: pid)?.startTime ?? 0
    return pid
  }

  private func startInit(_ request: inout pup_spawn_descriptors, entry: inout Entry, specification: Int32) -> Int32 {
    var reportRead: Int32 = -1
    var reportWrite: Int32 = -1
    let made = pup_pipe(&reportRead, &reportWrite, true)
    guard made >= 0 else { return made }
    // Readable by pup-init itself, so that it survives a keeper's death without SIGPIPE and a successor can open the pipe again.
    let reports = pup_reopen_read_write(reportWrite)
    // A report is taken whole or not at all, whoever dies while it is read. A kernel that refuses this gives all that are there
    // at once.
    _ = pup_set_packets(reports >= 0 ? reports : reportWrite)
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
    entry.tree.initProcess = Tree.InitProcess(
      pid: pid, startTime: ProcFiles.stat(of: pid)?.startTime ?? 0, pidfd: initPidfd, reports: reportRead)
    entry.isChild = false
    return pid
  }

  // MARK: Output

  /// A pipe whose far end is open for reading too: while the child lives there is a reader, so it never gets SIGPIPE, whoever
  /// dies here.
  private func makePipe(row: UInt32, childEnd: inout [Int32]) throws(SystemError) -> OutputPipe {
    var readEnd: Int32 = -1
    var writeEnd: Int32 = -1
    try check(pup_pipe(&readEnd, &writeEnd, false), "pipe2")
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
    // The child is about to exit; its end is not reported.
    releaseTree(key)
    announce(key)
  }
}
