internal import CLinux
internal import Glibc
internal import PupSystem

extension Keeper {
  struct Cgroup {
    var name: String
    var directory: Int32
    var events: Int32
  }

  /// Nil where there are no cgroups (or no more): a pup-init does it then.
  func makeCgroup(_ name: String) -> Cgroup? {
    guard cgroupBase >= 0, !name.isEmpty, mkdirat(cgroupBase, name, 0o755) == 0 || errno == EEXIST else { return nil }
    if let cgroup = openCgroup(name) { return cgroup }
    removeCgroup(name)
    return nil
  }

  func openCgroup(_ name: String) -> Cgroup? {
    guard cgroupBase >= 0, !name.isEmpty, !name.contains("/") else { return nil }
    let directory = pup_openat(cgroupBase, name, O_RDONLY | O_DIRECTORY, 0)
    guard directory >= 0 else { return nil }
    let events = pup_openat(directory, "cgroup.events", O_RDONLY, 0)
    guard events >= 0 else {
      close(directory)
      return nil
    }
    return Cgroup(name: name, directory: directory, events: events)
  }

  func discard(_ cgroup: inout Cgroup?) {
    guard let unused = cgroup else { return }
    close(unused.directory)
    close(unused.events)
    removeCgroup(unused.name)
    cgroup = nil
  }

  private func removeCgroup(_ name: String) {
    if unlinkat(cgroupBase, name, AT_REMOVEDIR) != 0, errno != ENOENT {
      cgroupsToRemove.append(name)
      strangersAt = strangersAt ?? Clock.monotonic + Self.second / 2
    }
  }

  /// Those whose last process was still on its way out, or in which the run made cgroups of its own.
  func removeLeftCgroups() {
    guard !cgroupsToRemove.isEmpty else { return }
    cgroupsToRemove.removeAll { name in
      for below in FolderNames.list("\(arguments.cgroupBase)/\(name)") ?? [] {
        unlinkat(cgroupBase, "\(name)/\(below)", AT_REMOVEDIR)
      }
      return unlinkat(cgroupBase, name, AT_REMOVEDIR) == 0 || errno == ENOENT
    }
    if !cgroupsToRemove.isEmpty { strangersAt = Clock.monotonic + Self.second }
  }

  /// At the end: what could not be removed while its last process was on its way out.
  func removeCgroups() {
    guard cgroupBase >= 0 else { return }
    removeLeftCgroups()
    rmdir(arguments.cgroupBase)
    leaveLeaf()
  }

  /// Out of the cgroup that `pup run` made for keeper and brain beside those of the runs. Where it cannot be left (the one above hands
  /// controllers down), whoever removes that one removes the leaf with it.
  private func leaveLeaf() {
    guard let slash = arguments.cgroupBase.lastIndex(of: "/"), slash > arguments.cgroupBase.startIndex else { return }
    let unit = String(arguments.cgroupBase[..<slash])
    let leaf = unit + "/supervisor"
    guard let members = ProcFiles.read(leaf + "/cgroup.procs"), ProcFiles.numbers(members) == [getpid()] else { return }
    let file = pup_open(unit + "/cgroup.procs", O_WRONLY, 0)
    guard file >= 0 else { return }
    defer { close(file) }
    let pid = "\(getpid())"
    if Glibc.write(file, pid, pid.utf8.count) == pid.utf8.count { rmdir(leaf) }
  }

  // MARK: Is it empty?

  func cgroupChanged(_ key: EntryKey) {
    guard let entry = entries[key], case .cgroup(_, _, let events) = entry.tree else { return }
    // Reading is what rearms the notification.
    let populated = isPopulated(events)
    if !populated, case .exited = entry.phase { treeEmptied(key) }
  }

  private func isPopulated(_ events: Int32) -> Bool {
    lseek(events, 0, SEEK_SET)
    guard let text = ProcFiles.readAll(events) else { return false }
    return String(decoding: text, as: UTF8.self).contains("populated 1")
  }

  /// After the leader's end.
  func checkTree(_ key: EntryKey) {
    guard let entry = entries[key], case .exited = entry.phase else { return }
    switch entry.tree {
    case .cgroup(_, _, let events): if !isPopulated(events) { treeEmptied(key) }
    case .initProcess: break
    case .session:
      if members(of: entry).isEmpty {
        treeEmptied(key)
      } else {
        sessionPollAt = Clock.monotonic + Self.second / 5
      }
    }
  }

  func pollSessions() {
    sessionPollAt = nil
    for key in entries.keys {
      if case .session? = entries[key]?.tree { checkTree(key) }
    }
  }

  func treeEmptied(_ key: EntryKey) {
    entries[key]?.phase = .empty
    entries[key]?.notices.insert(.empty)
    // The next run waits for the news, not for the tidying.
    announce(key)
    releaseTree(key)
  }

  /// Lets go of what names the tree: reaps the leader, removes the cgroup.
  func releaseTree(_ key: EntryKey) {
    guard var entry = entries[key] else { return }
    if entry.pidfd >= 0 {
      unwatch(entry.pidfd)
      if entry.isChild, entry.pid > 0 {
        var status = pup_child_status()
        // After a failed spawn the child may not have exited yet: it is then a stranger, reaped as such.
        _ = pup_wait_pidfd(entry.pidfd, false, &status)
        childPids.remove(entry.pid)
      }
      close(entry.pidfd)
      entry.pidfd = -1
    }
    switch entry.tree {
    case .cgroup(let name, let directory, let events):
      unwatch(events)
      close(events)
      close(directory)
      removeCgroup(name)
      entry.tree = .session
    case .initProcess:
      // Its own end closes the rest.
      break
    case .session: break
    }
    entry.stopping = nil
    entries[key] = entry
  }

  // MARK: Signals

  /// Sends a signal to a part of the tree. The leader is unreaped until its tree is empty, so its group's number is nobody else's; every
  /// other member is signalled through a pidfd that was checked after it was opened.
  func signalRun(_ key: EntryKey, _ signal: Int32, _ scope: TreeScope) {
    guard let entry = entries[key], entry.isLive else { return }
    var isStarting = entry.pid == 0
    if case .spawning = entry.phase, signal != SIGKILL { isStarting = true }
    if isStarting {
      // A bound for a brain that asks again and again; one signal is as good as eight.
      if entry.deferredSignals.count < 8 { entries[key]?.deferredSignals.append((signal, scope)) }
      return
    }
    if signal == SIGKILL, scope != .outsideGroup { entries[key]?.isKilled = true }
    if case .cgroup(_, let directory, _) = entry.tree, scope == .tree, signal == SIGKILL {
      if write(directory, "cgroup.kill", "1") { return }
    }
    if scope != .outsideGroup, holdsGroup(entry) { kill(-entry.pid, signal) }
    guard scope != .group else { return }
    // A tree that forks while it is being killed is asked again until a round finds nobody new.
    var seen: Set<Int32> = []
    for _ in 0..<(signal == SIGKILL ? 50 : 1) {
      let members = members(of: entry).filter { $0 != entry.pid && !seen.contains($0) }
      if members.isEmpty { return }
      seen.formUnion(members)
      for pid in members { signalMember(pid, of: entry, signal, sparingGroup: scope == .outsideGroup) }
    }
  }

  /// Whether the leader's pid still stands for the leader.
  private func holdsGroup(_ entry: Entry) -> Bool {
    if entry.isChild { return entry.pidfd >= 0 }
    if case .initProcess = entry.tree { return true }
    guard let stat = ProcFiles.stat(of: entry.pid) else { return false }
    return stat.startTime == entry.startTime
  }

  func members(of entry: Entry) -> [Int32] {
    switch entry.tree {
    case .cgroup(_, let directory, _):
      let procs = pup_openat(directory, "cgroup.procs", O_RDONLY, 0)
      guard procs >= 0 else { return [] }
      defer { close(procs) }
      return ProcFiles.numbers(ProcFiles.readAll(procs) ?? [])
    case .initProcess(let pid, _, _): return ProcFiles.descendants(of: pid)
    case .session:
      // A session's number is not given to another process while the session has members; one that is in use by another process means that
      // none are left.
      if let stat = ProcFiles.stat(of: entry.pid), stat.startTime != entry.startTime { return [] }
      return entry.pid > 0 ? ProcFiles.members(ofSession: entry.pid) : []
    }
  }

  private func signalMember(_ pid: Int32, of entry: Entry, _ signal: Int32, sparingGroup: Bool) {
    if sparingGroup, getpgid(pid) == entry.pid { return }
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else { return }
    defer { close(pidfd) }
    // The number may have changed hands between the listing and the open; the descriptor cannot any more.
    guard isMember(pid, of: entry) else { return }
    _ = pup_pidfd_signal(pidfd, signal)
  }

  private func isMember(_ pid: Int32, of entry: Entry) -> Bool {
    switch entry.tree {
    case .cgroup(let name, _, _):
      guard let text = ProcFiles.read("/proc/\(pid)/cgroup") else { return false }
      return String(decoding: text, as: UTF8.self).split(separator: "\n").contains {
        $0.hasPrefix("0::") && $0.hasSuffix("/\(name)")
      }
    case .initProcess(let root, _, _):
      var at = pid
      for _ in 0..<4096 {
        guard at > 1, let stat = ProcFiles.stat(of: at) else { return false }
        if stat.parent == root { return true }
        at = stat.parent
      }
      return false
    case .session: return ProcFiles.stat(of: pid)?.session == entry.pid
    }
  }

  private func write(_ directory: Int32, _ name: String, _ text: String) -> Bool {
    let file = pup_openat(directory, name, O_WRONLY, 0)
    guard file >= 0 else { return false }
    defer { close(file) }
    return Glibc.write(file, text, text.utf8.count) == text.utf8.count
  }
}
