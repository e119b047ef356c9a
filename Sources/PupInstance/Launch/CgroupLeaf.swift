internal import Glibc
internal import PupBasics
internal import PupSystem

/// Where keeper and brain are inside a cgroup that they share with the runs' cgroups. A cgroup that delegates controllers must
/// not have processes of its own, so they go into one below it, `supervisor`, and the runs' cgroups are created next to it.
/// (systemd's documentation uses this name too: with `DelegateSubgroup=supervisor`, systemd 254 and later starts a service in
/// it.)
struct CgroupLeaf {
  static let name = "supervisor"

  /// The cgroup in which a process in `own` has to create those of its runs: `own` itself, or its parent if `own` is the leaf.
  /// - Parameters:
  ///   - own: below the mount point; "" is the root.
  ///   - isEmpty: whether a cgroup has no processes of its own.
  static func unit(of own: String, isEmpty: (String) -> Bool) -> String {
    let parent = CgroupHierarchy.parent(of: own)
    // The leaf's purpose is that its parent has no processes: one whose parent has some is something else that happens to have
    // the same name.
    guard PathText.name(of: own) == name, !parent.isEmpty, isEmpty(parent) else { return own }
    return parent
  }

  /// Moves this process into the leaf next to `base`, if that is safe: no other process is in this cgroup, as when a service
  /// manager created it for this process. A `pup run` in a login session shares its cgroup with a shell, and stays.
  /// (INVOCATION_ID and NOTIFY_SOCKET would prove less: what a service starts inherits them.) If it fails, everything works as it
  /// does without the leaf.
  static func enter(beside base: String) {
    guard !base.isEmpty, let hierarchy = CgroupHierarchy.current() else { return }
    if !hierarchy.own.isEmpty { enter(beside: base, hierarchy) }
    // That folder is ours; the ones above it decide whether there is anything to delegate.
    handDown("memory", by: base)
  }

  private static func enter(beside base: String, _ hierarchy: CgroupHierarchy) {
    let folder = CgroupHierarchy.parent(of: base)
    if folder == CgroupHierarchy.parent(of: hierarchy.ownFolder), PathText.name(of: hierarchy.own) == name {
      // Started in the leaf: the service manager knows it, so controllers above it will not get in the way of the next start.
      return handDown("memory", by: folder)
    }
    guard folder == hierarchy.ownFolder, !isOfAnotherPup(hierarchy.own), isAlone(in: folder) else { return }
    let leaf = "\(folder)/\(name)"
    guard mkdir(leaf, 0o755) == 0 || errno == EEXIST else { return }
    guard CgroupHierarchy.write("\(getpid())", to: leaf + "/cgroup.procs") else {
      rmdir(leaf)
      return
    }
    // Only in a scope of our own, in which nothing else is ever started. A service manager that does not know the leaf puts the
    // next main process into `folder`, which would fail next to survivors.
    if UserScope.isOwn(PathText.name(of: hierarchy.own)) { handDown("memory", by: folder) }
  }

  /// What remains after keeper and brain were both killed.
  static func remove(beside base: String) {
    let folder = CgroupHierarchy.parent(of: base)
    guard let hierarchy = CgroupHierarchy.current(), folder != hierarchy.mount else { return }
    // Fails while a process is in it.
    rmdir("\(folder)/\(name)")
  }

  static func isEmpty(_ folder: String) -> Bool { CgroupHierarchy.processes(in: folder)?.isEmpty == true }

  private static func isAlone(in folder: String) -> Bool { CgroupHierarchy.processes(in: folder) == [getpid()] }

  /// A Pup that is a program of another Pup is in the cgroup of a run, `…/pup-<hash>/<run>`, where the other one looks for it.
  static func isOfAnotherPup(_ own: String) -> Bool {
    let above = PathText.name(of: CgroupHierarchy.parent(of: own))
    return above.hasPrefix("pup-") && above.dropFirst(4).count == 16 && above.dropFirst(4).allSatisfy(\.isHexDigit)
  }

  /// So that the kernel counts what each run uses, and reports if one was killed because memory ran out.
  private static func handDown(_ controller: String, by folder: String) {
    guard let text = RuntimeFiles.text(of: folder + "/cgroup.controllers"),
      text.split(whereSeparator: \.isWhitespace).contains(Substring(controller))
    else { return }
    CgroupHierarchy.write("+\(controller)", to: folder + "/cgroup.subtree_control")
  }
}
