internal import CLinux
internal import Glibc
internal import PupSystem

/// What is done with the whole tree of a run: signals reach every member, its end is noticed, and what names it is let go.
final class TreeControl {
  private let poller: Poller
  private let runs: RunRegistry
  private let children: Children
  private let cgroups: RunCgroups
  private let strays: Strays
  private let link: BrainLink
  /// Trees that have emptied; whether their runs are over is looked at once for all, before the next wait.
  private var emptied: Set<EntryKey> = []
  /// Runs about which not everything would be noticed: a descriptor of theirs could not be opened, read or watched.
  private var unwatched: Set<EntryKey> = []
  /// When trees that no event tells of are looked at (CLOCK_MONOTONIC ns).
  private(set) var deadline: Int64?

  init(poller: Poller, runs: RunRegistry, children: Children, cgroups: RunCgroups, strays: Strays, link: BrainLink) {
    (self.poller, self.runs, self.children) = (poller, runs, children)
    (self.cgroups, self.strays, self.link) = (cgroups, strays, link)
  }

  // MARK: Watching

  /// For a run that lives already: where the kernel has no room for a watch now, it is asked again each second.
  func watchAll(_ key: EntryKey) {
    guard let entry = runs[key] else { return }
    for (descriptor, kind, events) in entry.watches {
      do {
        try poller.add(descriptor, WatchKey(kind, key), events)
      } catch {
        if error.errno != EEXIST { watchAgainLater(key, errno: error.errno) }
      }
    }
  }

  func watchAgainLater(_ key: EntryKey, errno: Int32) {
    if unwatched.insert(key).inserted {
      complain("run \(key) cannot be watched: \(String(cString: pup_error_text(errno))); trying again each second")
    }
    deadline = min(deadline ?? .max, Clock.monotonic + Clock.second)
  }

  /// Those whose time to be watched again has come.
  func takeUnwatched() -> Set<EntryKey> {
    defer { unwatched = [] }
    return unwatched
  }

  // MARK: Is it empty?

  func cgroupChanged(_ key: EntryKey) {
    guard let cgroup = runs[key]?.tree.cgroup else { return }
    // Also where it does not matter yet: reading is what rearms the notification.
    let populated = isPopulated(cgroup, key)
    if !populated, case .exited? = runs[key]?.phase { emptied.insert(key) }
  }

  private func isPopulated(_ cgroup: Tree.Cgroup, _ key: EntryKey) -> Bool {
    var text = [UInt8](repeating: 0, count: 256)
    let count = pread(cgroup.events.number, &text, text.count, 0)
    let code = errno
    if count >= 0 { return String(decoding: text[..<count], as: UTF8.self).contains("populated 1") }
    // One that was removed has nobody in it. Anything else says nothing: it is asked again.
    if code == ENODEV { return false }
    watchAgainLater(key, errno: code)
    return true
  }

  /// After the leader's end.
  func check(_ key: EntryKey) {
    guard let entry = runs[key], case .exited = entry.phase else { return }
    if let cgroup = entry.tree.cgroup {
      if !isPopulated(cgroup, key) { emptied.insert(key) }
    } else if entry.tree.isSession {
      if cgroups.processTree(of: entry).members().isEmpty { emptied.insert(key) } else { lookAgain() }
    }
    // Otherwise the pup-init says so.
  }

  /// Those that no event tells of. The time for it has come.
  func checkUntold() {
    for key in runs.entries.keys {
      if runs[key]?.tree.isSession == true || !strays.book[key].isEmpty { check(key) }
    }
  }

  func lookNow() { deadline = Clock.monotonic }

  private func lookAgain() { deadline = Clock.monotonic + Clock.second / 5 }

  func forgetDeadline() { deadline = nil }

  /// Ends the runs of those of which nobody has left anything outside.
  func settleEmptied() {
    guard !emptied.isEmpty else { return }
    let keys = emptied
    emptied = []
    strays.noteOrphans()
    for key in keys {
      guard case .exited? = runs[key]?.phase else { continue }
      if strays.areLeft(of: key) { lookAgain() } else { end(key) }
    }
  }

  /// Nothing of it is left.
  func end(_ key: EntryKey) {
    strays.forget(key)
    runs[key]?.phase = .empty
    runs[key]?.notices.insert(.empty)
    // The next run waits for the news, not for the tidying.
    link.announce(key)
    release(key)
  }

  /// Lets go of what names the tree: reaps the leader, removes the cgroup.
  func release(_ key: EntryKey) {
    guard var entry = runs[key] else { return }
    if let handle = entry.handle {
      poller.remove(handle.number)
      if entry.isChild, entry.pid > 0 {
        var status = pup_child_status()
        // After a failed spawn the child may not have exited yet: it is then a stranger, reaped as such.
        if pup_wait_pidfd(handle.number, false, &status) == 0 { children.dismiss(entry.pid) }
        children.removeFromRuns(entry.pid)
      }
      handle.close()
      entry.handle = nil
    }
    // Its pup-init leaves the leader to this keeper, as a zombie that is nobody's.
    if let initProcess = entry.tree.initProcess, children.ofRuns.contains(initProcess.pid) {
      children.removeFromRuns(entry.pid)
    }
    if let cgroup = entry.tree.cgroup {
      poller.remove(cgroup.events.number)
      cgroups.discard(cgroup)
      entry.tree.cgroup = nil
    }
    // A pup-init's own end closes the rest.
    entry.stopping = nil
    runs[key] = entry
  }

  // MARK: Signals

  /// Sends a signal to a part of the tree. The leader is unreaped until its tree is empty, so its group's number is nobody
  /// else's; every other member is signalled through a pidfd that was checked after it was opened.
  func signal(_ key: EntryKey, _ signal: Int32, _ scope: TreeScope) {
    guard let entry = runs[key], entry.isLive else { return }
    var isStarting = entry.pid == 0
    if case .spawning = entry.phase, signal != SIGKILL { isStarting = true }
    if isStarting {
      // A bound for a brain that asks again and again; one signal is as good as eight.
      if entry.deferredSignals.count < 8 { runs[key]?.deferredSignals.append((signal, scope)) }
      return
    }
    if signal == SIGKILL, scope != .outsideGroup { runs[key]?.isKilled = true }
    // Before anything dies: an orphan is known by less.
    strays.noteBelow(key)
    if scope != .group { strays.signal(signal, of: key) }
    let tree = cgroups.processTree(of: entry)
    if scope == .tree, signal == SIGKILL, tree.cgroup?.kill() == true { return }
    // It fails where the group has ended, or is another user's by now; each member is signalled below as well.
    if scope != .outsideGroup, holdsGroup(entry) { kill(-entry.pid, signal) }
    guard scope != .group else { return }
    tree.signal(signal, but: [entry.pid], sparesGroup: scope == .outsideGroup)
  }

  /// To the trees of all runs.
  func killAll() {
    for key in runs.entries.keys { signal(key, SIGKILL, .tree) }
  }

  /// What belongs to one brain dies with it.
  func killPlugins() {
    for (key, entry) in runs.entries where entry.isPlugin && entry.isLive { signal(key, SIGKILL, .tree) }
  }

  /// Whether the leader's pid still stands for the leader.
  private func holdsGroup(_ entry: Entry) -> Bool {
    if entry.isChild { return entry.pidfd >= 0 }
    if entry.tree.initProcess != nil { return true }
    guard let stat = ProcFiles.stat(of: entry.pid) else { return false }
    return stat.startTime == entry.startTime
  }
}
