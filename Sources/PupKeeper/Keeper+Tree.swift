internal import CLinux
internal import Glibc
internal import PupSystem

extension Keeper {
  // MARK: Is it empty?

  func cgroupChanged(_ key: EntryKey) {
    guard let cgroup = entries[key]?.tree.cgroup else { return }
    // Also where it does not matter yet: reading is what rearms the notification.
    let populated = isPopulated(cgroup, key)
    if !populated, case .exited? = entries[key]?.phase { emptiedTrees.insert(key) }
  }

  private func isPopulated(_ cgroup: Tree.Cgroup, _ key: EntryKey) -> Bool {
    var text = [UInt8](repeating: 0, count: 256)
    let count = pread(cgroup.events, &text, text.count, 0)
    let code = errno
    if count >= 0 { return String(decoding: text[..<count], as: UTF8.self).contains("populated 1") }
    // One that was removed has nobody in it. Anything else says nothing: it is asked again.
    if code == ENODEV { return false }
    watchAgainLater(key, errno: code)
    return true
  }

  /// After the leader's end.
  func checkTree(_ key: EntryKey) {
    guard let entry = entries[key], case .exited = entry.phase else { return }
    if let cgroup = entry.tree.cgroup {
      if !isPopulated(cgroup, key) { emptiedTrees.insert(key) }
    } else if entry.tree.isSession {
      if processTree(of: entry).members().isEmpty {
        emptiedTrees.insert(key)
      } else {
        sessionPollAt = Clock.monotonic + Self.second / 5
      }
    }
    // Otherwise the pup-init says so.
  }

  /// Of those of which nobody has left anything outside.
  func settleEmptiedTrees() {
    guard !emptiedTrees.isEmpty else { return }
    let keys = emptiedTrees
    emptiedTrees = []
    noteOrphans()
    for key in keys {
      guard case .exited? = entries[key]?.phase else { continue }
      if strays.hasLiving(of: key) { sessionPollAt = Clock.monotonic + Self.second / 5 } else { treeEmptied(key) }
    }
  }

  func pollSessions() {
    sessionPollAt = nil
    let again = unwatched
    unwatched = []
    for key in again { rewatch(key) }
    for key in entries.keys {
      if entries[key]?.tree.isSession == true || !strays[key].isEmpty { checkTree(key) }
    }
  }

  func treeEmptied(_ key: EntryKey) {
    strays.forget(key)
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
        if pup_wait_pidfd(entry.pidfd, false, &status) == 0 { dismissed.insert(entry.pid) }
        childPids.remove(entry.pid)
      }
      close(entry.pidfd)
      entry.pidfd = -1
    }
    // Its pup-init leaves the leader to this keeper, as a zombie that is nobody's.
    if let initProcess = entry.tree.initProcess, childPids.contains(initProcess.pid) { childPids.remove(entry.pid) }
    if let cgroup = entry.tree.cgroup {
      unwatch(cgroup.events)
      cgroups.discard(cgroup)
      entry.tree.cgroup = nil
    }
    // A pup-init's own end closes the rest.
    entry.stopping = nil
    entries[key] = entry
  }

  // MARK: Signals

  /// Sends a signal to a part of the tree. The leader is unreaped until its tree is empty, so its group's number is nobody
  /// else's; every other member is signalled through a pidfd that was checked after it was opened.
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
    // Before anything dies: an orphan is known by less.
    noteStraysBelow(key)
    if scope != .group, !strays[key].isEmpty { signalStrays(key, signal) }
    let tree = processTree(of: entry)
    if scope == .tree, signal == SIGKILL, tree.cgroup?.kill() == true { return }
    // It fails where the group has ended, or is another user's by now; each member is signalled below as well.
    if scope != .outsideGroup, holdsGroup(entry) { kill(-entry.pid, signal) }
    guard scope != .group else { return }
    tree.signal(signal, but: [entry.pid], sparesGroup: scope == .outsideGroup)
  }

  /// Whether the leader's pid still stands for the leader.
  private func holdsGroup(_ entry: Entry) -> Bool {
    if entry.isChild { return entry.pidfd >= 0 }
    if entry.tree.initProcess != nil { return true }
    guard let stat = ProcFiles.stat(of: entry.pid) else { return false }
    return stat.startTime == entry.startTime
  }

  /// As the keeper knows it now.
  func processTree(of entry: Entry) -> ProcessTree {
    ProcessTree(
      leader: ProcessIdentity(pid: entry.pid, startTime: entry.startTime),
      cgroup: entry.tree.cgroup.map(cgroups.folder(of:)),
      initProcess: entry.tree.initProcess.map { ProcessIdentity(pid: $0.pid, startTime: $0.startTime) })
  }
}
