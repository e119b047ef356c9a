internal import CLinux
internal import Glibc
internal import PupSystem

/// Takes over runs that an earlier keeper started. The leader is somebody else's child now; a pidfd, checked against the start
/// time, stands for it.
final class Adopter {
  private let installation: Installation
  private let runs: RunRegistry
  private let cgroups: RunCgroups
  private let trees: TreeControl
  private let watch: RunWatch
  private let link: BrainLink

  init(
    installation: Installation, runs: RunRegistry, cgroups: RunCgroups, trees: TreeControl, watch: RunWatch, link: BrainLink
  ) {
    (self.installation, self.runs, self.cgroups) = (installation, runs, cgroups)
    (self.trees, self.watch, self.link) = (trees, watch, link)
  }

  /// - Parameter descriptors: the read ends of its output, as far as the inventory says that there are any.
  func adopt(_ inventory: InventoryEntry, grace: UInt64, timeout: UInt64, descriptors: [Descriptor]) {
    let key = inventory.key
    // Started by this keeper in between: what it is now is the answer.
    guard runs[key] == nil, key.slot < EntryKey.slotLimit else { return answer(key) }
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

    adoptTree(of: &entry, inventory)
    if entry.pid == 0 { nameLeader(of: &entry) }
    // An exit that was told already stands, even where the leader is still there as a zombie.
    let leader = inventory.exit == nil ? watch.hold(leaderOf: &entry) : .gone
    runs[key] = entry
    trees.watchAll(key)
    if case .failed(let errno) = leader { trees.watchAgainLater(key, errno: errno) }
    // An exit that a pup-init has reported meanwhile waits in its pipe.
    watch.reportsReady(key)
    guard let current = runs[key] else { return }
    let members = cgroups.processTree(of: current).members()
    if entry.output == nil || entry.error == nil { reopenPipes(key, inventory, among: [entry.pid] + members) }
    if case .gone = leader, current.exit == nil {
      runs[key]?.exit = inventory.exit ?? ExitRecord(kind: .unknown, value: 0)
      runs[key]?.phase = .exited
      if members.isEmpty { trees.end(key) } else { trees.check(key) }
    }
    runs.adopted(key)
    answer(key)
  }

  private func answer(_ key: EntryKey) {
    runs[key]?.notices = .adopted
    runs[key]?.announced = true
    link.announce(key)
  }

  // MARK: The tree

  private func adoptTree(of entry: inout Entry, _ inventory: InventoryEntry) {
    if inventory.initPid > 0 {
      adoptInit(of: &entry, inventory.initPid, inventory.initStartTime)
    } else if inventory.pid == 0,
      let found = InitMark.find(InitMark.word(runtime: installation.arguments.runtime, key: entry.key))
    {
      // The keeper before this one died between starting it and telling of it.
      adoptInit(of: &entry, found.pid, found.startTime)
    }
    do throws(SystemError) {
      guard let cgroup = try cgroups.open(inventory.cgroup) else { return }
      entry.tree.cgroup = cgroup
      // A run with a pup-init need not have one: what is left of another try may have its name.
      let hasInit = inventory.initPid > 0 || entry.tree.initProcess != nil
      if hasInit, !isInCgroup(entry.tree.initProcess?.pid ?? inventory.pid, entry) {
        entry.tree.cgroup = nil
      }
    } catch {
      complain("the cgroup of run \(entry.key) cannot be taken over (\(error)); its tree is known by what else it has")
    }
  }

  private func isInCgroup(_ pid: Int32, _ entry: Entry) -> Bool {
    cgroups.processTree(of: entry).cgroup?.contains(pid) ?? false
  }

  private func adoptInit(of entry: inout Entry, _ pid: Int32, _ startTime: UInt64) {
    func failed(_ what: String, _ code: Int32) {
      complain(
        "the pup-init of run \(entry.key), pid \(pid), cannot be taken over (\(what): \(String(cString: pup_error_text(-code)))); "
          + "its tree is known by what else it has")
    }
    let opened = pup_pidfd_open(pid)
    guard opened >= 0 else {
      if RunWatch.isShortage(-opened) { failed("pidfd_open", opened) }
      return
    }
    let pidfd = Descriptor(opened)
    // A reused pid has another start time.
    guard ProcFiles.stat(of: pid)?.startTime == startTime else { return }
    let reports = pup_open("/proc/\(pid)/fd/4", O_RDONLY | O_NONBLOCK, 0)
    guard reports >= 0 else { return failed("open its reports", reports) }
    entry.tree.initProcess = Tree.InitProcess(
      pid: pid, startTime: startTime, pidfd: pidfd, reports: Descriptor(reports))
  }

  // MARK: The leader

  /// The keeper died between starting the program and telling its pid.
  private func nameLeader(of entry: inout Entry) {
    if let initProcess = entry.tree.initProcess {
      if ProcFiles.children(of: initProcess.pid)?.isEmpty == true {
        // It has only just begun, and says so once it has started the program; that takes it a millisecond. Its children are
        // looked at in any case.
        var report = pollfd(fd: initProcess.reports.number, events: Int16(POLLIN), revents: 0)
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
      for pid in cgroups.processTree(of: entry).members().sorted() {
        guard let stat = ProcFiles.stat(of: pid), stat.session == pid else { continue }
        (entry.pid, entry.startTime) = (pid, stat.startTime)
        return
      }
    }
  }

  // MARK: Output

  /// The read ends died with the last keeper; any member of the tree still has the pipe open.
  private func reopenPipes(_ key: EntryKey, _ inventory: InventoryEntry, among pids: [Int32]) {
    for which in OutputStream.allCases where runs[key]?[which] == nil {
      let (row, consumed, inode) =
        which == .standardOutput
        ? (inventory.rowOut, inventory.consumedOut, inventory.pipeOut)
        : (inventory.rowErr, inventory.consumedErr, inventory.pipeErr)
      for pid in pids where pid > 0 {
        guard let descriptor = Self.openPipe(of: pid, which, inode) else { continue }
        runs[key]?[which] = OutputPipe(descriptor: descriptor, row: row, consumed: consumed)
        break
      }
    }
  }

  /// - Parameter inode: 0 where the brain never got to know the pipe.
  private static func openPipe(of pid: Int32, _ which: OutputStream, _ inode: UInt64) -> Descriptor? {
    let pipe = Descriptor(pup_open("/proc/\(pid)/fd/\(which.rawValue)", O_RDONLY | O_NONBLOCK, 0))
    guard pipe.isOpen else { return nil }
    // A program may have put its output elsewhere, also into a pipe of its own; only ours may be read.
    var identity = pup_file_identity()
    guard pup_pipe_capacity(pipe.number) > 0, pup_identity(pipe.number, &identity) >= 0,
      inode == 0 || identity.inode == inode
    else { return nil }
    return pipe
  }
}
