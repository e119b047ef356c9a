internal import CLinux
internal import Glibc
internal import PupSystem

/// The folder in which each run gets a cgroup of its own, where there is one.
final class RunCgroups {
  /// "" without.
  let path: String
  private let base: Int32
  /// Those that could not be removed yet: their last process was still on its way out, or the run has made cgroups of its own in
  /// them.
  private(set) var left: [String] = []
  /// When those are tried again (CLOCK_MONOTONIC ns).
  private(set) var deadline: Int64?

  init(path: String) {
    self.path = path
    base = path.isEmpty ? -1 : pup_open(path, O_RDONLY | O_DIRECTORY, 0)
  }

  var areAvailable: Bool { base >= 0 }

  // MARK: One run's

  /// Nil where there are none (or no more): a pup-init does it then.
  func make(_ name: String) -> Tree.Cgroup? {
    guard base >= 0, !name.isEmpty else { return nil }
    let made = pup_mkdirat(base, name, 0o755)
    guard made >= 0 || made == -EEXIST else { return nil }
    // Whatever it is that it cannot be opened for, the run can do without.
    if let cgroup = try? open(name) { return cgroup }
    remove(name)
    return nil
  }

  /// Nil where there is none of this name.
  func open(_ name: String) throws(SystemError) -> Tree.Cgroup? {
    guard base >= 0, !name.isEmpty, !name.contains("/") else { return nil }
    let opened = pup_openat(base, name, O_RDONLY | O_DIRECTORY, 0)
    if opened == -ENOENT { return nil }
    let directory = try Descriptor(opened, "open")
    let events = pup_openat(directory.number, "cgroup.events", O_RDONLY, 0)
    // Removed in between.
    if events == -ENOENT || events == -ENODEV { return nil }
    return Tree.Cgroup(name: name, directory: directory, events: try Descriptor(events, "open cgroup.events"))
  }

  /// What lists, signals and measures it.
  func folder(of cgroup: Tree.Cgroup) -> CgroupFolder {
    CgroupFolder(path: "\(path)/\(cgroup.name)", descriptor: cgroup.directory.number)
  }

  /// The tree of a run, as it is known now.
  func processTree(of entry: Entry) -> ProcessTree {
    ProcessTree(
      leader: ProcessIdentity(pid: entry.pid, startTime: entry.startTime), cgroup: entry.tree.cgroup.map(folder),
      initProcess: entry.tree.initProcess.map { ProcessIdentity(pid: $0.pid, startTime: $0.startTime) })
  }

  /// The name of the run in whose cgroup a process is, by the path of that; nil outside.
  func name(in cgroup: String) -> String? { CgroupPath(cgroup).child(of: path) }

  // MARK: Removing

  func discard(_ cgroup: Tree.Cgroup) {
    for descriptor in [cgroup.directory, cgroup.events] { descriptor.close() }
    remove(cgroup.name)
  }

  private func remove(_ name: String) {
    let removed = pup_unlinkat(base, name, AT_REMOVEDIR)
    guard removed < 0, removed != -ENOENT else { return }
    left.append(name)
    deadline = deadline ?? Clock.monotonic + Clock.second / 2
  }

  /// Those that an earlier keeper could not remove.
  func resume(left names: [String]) {
    left = names
    if !left.isEmpty { deadline = Clock.monotonic }
  }

  func tick(_ now: Int64) {
    guard let deadline, deadline <= now else { return }
    removeLeft()
    self.deadline = left.isEmpty ? nil : now + Clock.second
  }

  private func removeLeft() {
    left.removeAll { name in
      for below in FolderNames.list("\(path)/\(name)") ?? [] {
        // Nothing to be told: the files are no folders, and what could not be removed keeps the folder above.
        _ = pup_unlinkat(base, "\(name)/\(below)", AT_REMOVEDIR)
      }
      return [0, -ENOENT].contains(pup_unlinkat(base, name, AT_REMOVEDIR))
    }
  }

  /// At the end.
  func removeAll() {
    guard base >= 0 else { return }
    removeLeft()
    // What is still in use stays, for the next Pup or for whoever removes the cgroup above.
    rmdir(path)
    leaveLeaf()
  }

  /// Out of the cgroup that `pup run` made for keeper and brain beside those of the runs. Where it cannot be left (the one above
  /// hands controllers down), whoever removes that one removes the leaf with it.
  private func leaveLeaf() {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    let unit = String(path[..<slash])
    let leaf = unit + "/supervisor"
    guard let members = ProcFiles.read(leaf + "/cgroup.procs"), ProcFiles.numbers(members) == [getpid()] else { return }
    let file = Descriptor(pup_open(unit + "/cgroup.procs", O_WRONLY, 0))
    let pid = "\(getpid())"
    // As above.
    if write(file.number, pid, pid.utf8.count) == pid.utf8.count { rmdir(leaf) }
  }
}
