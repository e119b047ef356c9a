internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// Starts runs.
final class Spawner {
  /// Descriptors that have to be left for a new brain and its sockets.
  private static let reservedDescriptors: UInt64 = 32

  private let installation: Installation
  private let null: Descriptor
  private let poller: Poller
  private let runs: RunRegistry
  private let children: Children
  private let cgroups: RunCgroups
  private let trees: TreeControl
  private let watch: RunWatch
  private let link: BrainLink

  init(
    installation: Installation, null: Descriptor, poller: Poller, runs: RunRegistry, children: Children, cgroups: RunCgroups,
    trees: TreeControl, watch: RunWatch, link: BrainLink
  ) {
    (self.installation, self.null, self.poller) = (installation, null, poller)
    (self.runs, self.children, self.cgroups) = (runs, children, cgroups)
    (self.trees, self.watch, self.link) = (trees, watch, link)
  }

  /// Starts a run, or records why it could not be started; both are told by a notice.
  /// - Parameters:
  ///   - specification: nil where the message met a full table.
  ///   - travelling: what the program gets besides its standard streams. They stay the caller's.
  func spawn(_ key: EntryKey, specification: Descriptor?, travelling: [Int32]) {
    guard runs.begin(key) else {
      // Asked twice (a brain that died between asking and hearing): what the first request did is in the inventory.
      return runs[key] == nil ? fail(key, .refused, EEXIST) : announceAgain(key)
    }
    guard let specification = specification?.number else { return fail(key, .specification, EMFILE) }
    var identity = pup_file_identity()
    let known = pup_identity(specification, &identity)
    guard known >= 0 else { return fail(key, .specification, -known) }
    guard identity.size > 0 else { return fail(key, .specification, EINVAL) }
    guard let base = mmap(nil, Int(identity.size), PROT_READ, MAP_PRIVATE, specification, 0), base != MAP_FAILED else {
      return fail(key, .specification, errno)
    }
    // A mapping of this process's own cannot fail to be taken away.
    defer { munmap(base, Int(identity.size)) }
    var plan = pup_spawn_plan()
    let parsed = pup_plan_parse(base, Int(identity.size), &plan)
    guard parsed == 0 else { return fail(key, .specification, -parsed) }
    defer { pup_plan_free(&plan) }
    // Those that are missing have met a full table.
    let wanted = Int(plan.descriptor_count)
    guard travelling.count == wanted else { return fail(key, .descriptors, travelling.count < wanted ? EMFILE : EINVAL) }
    start(key, plan: &plan, specification: specification, travelling: travelling)
  }

  func fail(_ key: EntryKey, _ stage: SpawnStage, _ errno: Int32) {
    runs.recordFailure(key, SpawnError(stage, errno: errno))
    link.announce(key)
  }

  private func announceAgain(_ key: EntryKey) {
    runs.repeatNotices(key)
    link.announce(key)
  }

  private func start(_ key: EntryKey, plan: inout pup_spawn_plan, specification: Int32, travelling: [Int32]) {
    let run = plan.run
    let (errorPipe, output, error): (PipeEnds, PipeEnds, PipeEnds)
    do throws(SystemError) {
      errorPipe = try PipeEnds(isBlocking: false)
      output = try Self.outputPipe()
      error = try Self.outputPipe()
    } catch {
      return fail(key, .pipe, error.errno)
    }
    // Numbers are given out from below: what is left above has to be enough.
    let highest = max(errorPipe.write.number, output.write.number, error.write.number)
    guard UInt64(highest) + Self.reservedDescriptors < Self.descriptorLimit else { return fail(key, .pipe, EMFILE) }

    var entry = Entry(key: key, phase: .failed, tree: .session)
    entry.graceNanoseconds = run.grace_ns
    entry.timeoutNanoseconds = run.timeout_ns
    entry.isPlugin = run.flags & UInt32(PUP_SPAWN_PLUGIN) != 0
    entry.announced = true
    var request = pup_spawn_descriptors()
    request.null_fd = null.number
    request.out_fd = output.write.number
    request.err_fd = error.write.number
    request.error_fd = errorPipe.write.number
    let pid = withUnsafePointer(to: &plan) { plan in
      travelling.withUnsafeBufferPointer { travelling in
        request.plan = plan
        request.travelling = travelling.baseAddress
        return startTree(&request, entry: &entry, specification: specification)
      }
    }
    guard pid > 0 else { return fail(key, .clone, -pid) }
    children.addToRuns(pid)
    entry.output = OutputPipe(descriptor: output.read, row: run.row_out, consumed: 0)
    entry.error = OutputPipe(descriptor: error.read, row: run.row_err, consumed: 0)
    entry.phase = .spawning(errorPipe: errorPipe.read)
    runs[key] = entry
    do throws(SystemError) {
      for (descriptor, kind, events) in entry.watches { try poller.add(descriptor, WatchKey(kind, key), events) }
    } catch {
      abandon(key, errno: error.errno)
    }
  }

  private static var descriptorLimit: UInt64 {
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    return pup_open_file_limits(&soft, &hard) >= 0 ? soft : .max
  }

  /// A pipe whose far end is open for reading too: while the child lives there is a reader, so it never gets SIGPIPE, whoever
  /// dies here.
  private static func outputPipe() throws(SystemError) -> PipeEnds {
    let ends = try PipeEnds(isBlocking: true)
    let both = Descriptor(pup_reopen_read_write(ends.write.number))
    // Without /proc the child has to make do with the plain end.
    return both.isOpen ? PipeEnds(read: ends.read, write: both) : ends
  }

  /// A run that would end unnoticed is none: it is killed before its program has done anything, and reported as one that could
  /// not be started.
  private func abandon(_ key: EntryKey, errno: Int32) {
    guard let entry = runs[key], case .spawning(let errorPipe) = entry.phase else { return }
    poller.remove(errorPipe.number)
    errorPipe.close()
    if let initProcess = entry.tree.initProcess {
      // Neither call fails for a process that is unreaped. Stopped, it starts nobody after its children have been listed.
      _ = pup_pidfd_signal(initProcess.pidfd.number, SIGSTOP)
      cgroups.processTree(of: entry).kill()
      _ = pup_pidfd_signal(initProcess.pidfd.number, SIGKILL)
      watch.dismissInit(of: key)
    } else {
      cgroups.processTree(of: entry).kill()
    }
    trees.release(key)
    fail(key, .watch, errno)
  }

  // MARK: The tree

  /// Below a pup-init where there can be no cgroup, and for a plugin in any case: its namespaces need a first process, and its
  /// limits the cgroup.
  /// - Returns: the pid of this keeper's child, or -errno.
  private func startTree(_ request: inout pup_spawn_descriptors, entry: inout Entry, specification: Int32) -> Int32 {
    request.cgroup_fd = -1
    if let cgroup = cgroups.make(String(cString: request.plan.pointee.cgroup)) {
      request.cgroup_fd = cgroup.directory.number
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
    var pidfd: Int32 = -1
    let pid = pup_spawn(&request, &pidfd)
    guard pid > 0 else { return pid }
    entry.handle = Descriptor(pidfd)
    entry.pid = pid
    entry.startTime = ProcFiles.stat(of: pid)?.startTime ?? 0
    return pid
  }

  private func startInit(_ request: inout pup_spawn_descriptors, entry: inout Entry, specification: Int32) -> Int32 {
    let ends: PipeEnds
    do throws(SystemError) {
      ends = try PipeEnds(isBlocking: false)
    } catch {
      return -error.errno
    }
    // Readable by pup-init itself, so that it survives a keeper's death without SIGPIPE and a successor can open the pipe again.
    let both = Descriptor(pup_reopen_read_write(ends.write.number))
    let reports = both.isOpen ? both : ends.write
    // A report is taken whole or not at all, whoever dies while it is read. A kernel that refuses this gives all that are there
    // at once.
    _ = pup_set_packets(reports.number)
    var initPidfd: Int32 = -1
    let pid = pup_spawn_init(
      &request, installation.arguments.initExecutable, specification, reports.number,
      InitMark.word(runtime: installation.arguments.runtime, key: entry.key), &initPidfd)
    guard pid > 0 else { return pid }
    entry.tree.initProcess = Tree.InitProcess(
      pid: pid, startTime: ProcFiles.stat(of: pid)?.startTime ?? 0, pidfd: Descriptor(initPidfd),
      reports: ends.read)
    entry.isChild = false
    return pid
  }
}
