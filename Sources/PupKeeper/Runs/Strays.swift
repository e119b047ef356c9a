internal import Glibc
internal import PupSystem

/// What a run has started ends with it, also where it has moved itself into another cgroup. (A program that is root may, and one
/// of a user to whom the cgroups above are handed down.) Two things cannot be left: the chain of parents, as long as those live,
/// and the way of every orphan up to this keeper, the subreaper. So before each signal what hangs below the leader is looked
/// through, and before a tree counts as empty the keeper's own children are.
///
/// Whose an orphan is says, in this order: that it was seen below a leader before; its session; the variables with which it was
/// executed; and that only one run can have started it. Where none of these does, it is reported, and ended when Pup ends.
final class Strays {
  private let installation: Installation
  private let runs: RunRegistry
  private let children: Children
  private let cgroups: RunCgroups
  private let link: BrainLink
  private(set) var book = StrayBook()

  init(installation: Installation, runs: RunRegistry, children: Children, cgroups: RunCgroups, link: BrainLink) {
    (self.installation, self.runs, self.children) = (installation, runs, children)
    (self.cgroups, self.link) = (cgroups, link)
  }

  /// Those that the keeper before an exec knew.
  func resume(_ book: StrayBook) { self.book = book }

  /// Forgets those of a run that are gone; answers whether any is left.
  func areLeft(of key: EntryKey) -> Bool { book.hasLiving(of: key) }

  func forget(_ key: EntryKey) { book.forget(key) }

  // MARK: Finding

  /// Notes those that hang below a leader that lives, or below a pup-init, outside the cgroup.
  func noteBelow(_ key: EntryKey) {
    guard let entry = runs[key] else { return }
    let tree = cgroups.processTree(of: entry)
    guard let cgroup = tree.cgroup, let root = tree.initProcess ?? (entry.exit == nil ? tree.leader : nil), root.pid > 0 else {
      return
    }
    for pid in ProcFiles.descendants(of: root.pid) where !cgroup.contains(pid) {
      guard let stray = Stray(pid: pid) else { continue }
      // One that is not the keeper's child may be gone meanwhile, and its number somebody else's, with children of his own.
      guard entry.isChild || root.isThere else { return }
      note(stray, key)
    }
  }

  /// Notes the keeper's own children that are outside of every run's cgroup.
  func noteOrphans() {
    guard let pids = ProcFiles.children(of: getpid()) else { return }
    children.keepOnly(pids)
    let names = runNames
    for pid in pids where children.mayBeStray(pid) {
      guard let stat = ProcFiles.stat(of: pid), stat.isAlive else { continue }
      let stray = Stray(pid: pid, startTime: stat.startTime)
      guard !book.knows(stray), !isInsideAnyRun(pid, names, stat.session) else { continue }
      if let key = owner(of: stray, session: stat.session) { note(stray, key) } else { note(lost: stray) }
    }
  }

  private func note(_ stray: Stray, _ key: EntryKey) {
    if book.note(stray, of: key) { report(stray, of: key) }
  }

  private func note(lost stray: Stray) {
    // In a container's first process, orphans of everybody else arrive as well.
    if knowsOrphans, book.note(lost: stray) { report(stray, of: nil) }
  }

  private func report(_ stray: Stray, of key: EntryKey?) {
    let report = StrayReport(key: key, pid: stray.pid, name: ProcFiles.name(of: stray.pid))
    complain("\(report)")
    link.report(report)
  }

  // MARK: Whose it is

  private func owner(of stray: Stray, session: Int32) -> EntryKey? {
    let candidates = runs.entries.filter { _, entry in
      entry.isLive && entry.isChild && entry.pid > 0 && entry.startTime <= stray.startTime && entry.tree.initProcess == nil
    }
    if let key = candidates.first(where: { $0.value.pid == session })?.key { return key }
    // A process one of whose threads hangs in the kernel may hold what reading its environment waits for.
    let isStuck = (ProcFiles.entries(of: "/proc/\(stray.pid)/task") ?? []).contains {
      ProcFiles.stat(of: $0)?.state == UInt8(ascii: "D")
    }
    if !isStuck, let process = ProcFiles.variable("PUP_PROCESS_ID", of: stray.pid),
      ProcFiles.variable("PUP_TEMP_STORAGE", of: stray.pid) == installation.temporaryFolder
    {
      // Of several runs of a process the newest that is old enough.
      return candidates.filter { processName($0.value) == process }.max { $0.value.startTime < $1.value.startTime }?.key
    }
    return knowsOrphans && candidates.count == 1 ? candidates.first?.key : nil
  }

  /// Whether every orphan that arrives here is a run's.
  private var knowsOrphans: Bool { getpid() != 1 && children.inherited.isEmpty }

  private func processName(_ entry: Entry) -> String? {
    guard let name = entry.tree.cgroup?.name else { return nil }
    return name.lastIndex(of: ".").map { String(name[..<$0]) }
  }

  /// The runs with a cgroup by its name, and the sessions of those without.
  private var runNames: (cgroups: Set<String>, sessions: Set<Int32>) {
    var (cgroups, sessions): (Set<String>, Set<Int32>) = ([], [])
    for entry in runs.entries.values {
      if let cgroup = entry.tree.cgroup { cgroups.insert(cgroup.name) }
      if entry.tree.isSession, entry.isLive { sessions.insert(entry.pid) }
    }
    return (cgroups, sessions)
  }

  private func isInsideAnyRun(_ pid: Int32, _ names: (cgroups: Set<String>, sessions: Set<Int32>), _ session: Int32) -> Bool {
    guard let path = ProcFiles.cgroup(of: pid) else { return false }
    if let name = cgroups.name(in: path), names.cgroups.contains(name) { return true }
    return names.sessions.contains(session)
  }

  // MARK: Their end

  /// Signals the strays of a run and what they have started since. SIGKILL is repeated until a round finds nobody new.
  func signal(_ signal: Int32, of key: EntryKey) {
    guard !book[key].isEmpty else { return }
    var done: Set<Stray> = []
    for _ in 0..<(signal == SIGKILL ? 50 : 1) {
      if signal == SIGKILL, !done.isEmpty { noteOrphans() }
      book.noteWhatIsBelow(key)
      let new = book[key].subtracting(done)
      if new.isEmpty { return }
      for stray in new { stray.signal(signal) }
      done.formUnion(new)
    }
  }

  /// At the keeper's end: what nobody could be named for.
  func endLost() {
    noteOrphans()
    var done: Set<Stray> = []
    for _ in 0..<50 {
      let new = book.lost.filter(\.isAlive).subtracting(done)
      if new.isEmpty { break }
      for stray in new { stray.signal(SIGKILL) }
      // One wait for all: some may be unable to die, and the end has a deadline.
      let until = Clock.monotonic + Clock.second / 20
      while Clock.monotonic < until, new.contains(where: \.isAlive) { usleep(2_000) }
      done.formUnion(new)
      noteOrphans()
    }
    if !done.isEmpty {
      complain("ended \(done.count) process\(done.count == 1 ? "" : "es") that had left the trees of the programs")
    }
  }
}
