internal import CLinux
internal import Glibc
internal import PupSystem

/// The folder below which each run gets a cgroup v2 of its own, if this user can create one.
package enum CgroupBase {
  /// "" if there is none: then pup-init keeps the trees.
  package static func make(name: String) -> String {
    // For tests, and for machines where something else manages this user's cgroups.
    if let choice = getenv("PUP_CGROUPS"), String(cString: choice) == "off" { return "" }
    if let base = make(at: path(name: name)) { return base }
    // Not ours to write; a delegated scope of the user's service manager is.
    return UserScope.enter(name: name) ? make(at: path(name: name)) ?? "" : ""
  }

  /// The base of an instance whose programs may be alive, wherever this process is now.
  static func existing(_ header: StateHeader) -> String? {
    guard !header.cgroupBase.isEmpty, access(header.cgroupBase + "/cgroup.kill", W_OK) == 0 else { return nil }
    return header.cgroupBase
  }

  /// Ensures that this process can start others below `base`, which an earlier process created. That takes the right to write to
  /// their common ancestor, and an ordinary user who has logged in again is in another session's cgroup. The user manager's
  /// scopes are close enough.
  static func reach(_ base: String, name: String) -> String {
    if let hierarchy = CgroupHierarchy.current(), !isWritable(commonParent(base, hierarchy.ownFolder)) {
      _ = UserScope.enter(name: name)
    }
    return base
  }

  private static func isWritable(_ folder: String) -> Bool { access(folder + "/cgroup.procs", W_OK) == 0 }

  /// "/a/b" of "/a/b/c/d" and "/a/b/e".
  static func commonParent(_ one: String, _ other: String) -> String {
    let pairs = zip(one.split(separator: "/"), other.split(separator: "/"))
    return pairs.prefix { $0 == $1 }.map { "/" + $0.0 }.joined()
  }

  private static func make(at base: String) -> String? {
    guard !base.isEmpty, mkdir(base, 0o755) == 0 || errno == EEXIST else { return nil }
    // What counts is that a process can be put there and killed there.
    guard access(base + "/cgroup.procs", W_OK) == 0, access(base + "/cgroup.kill", W_OK) == 0 else {
      rmdir(base)
      return nil
    }
    return base
  }

  /// Where this process would have its base; "" without cgroup v2.
  private static func path(name: String) -> String {
    guard let hierarchy = CgroupHierarchy.current() else { return "" }
    let unit = CgroupLeaf.unit(of: hierarchy.own) { CgroupLeaf.isEmpty(hierarchy.mount + $0) }
    return "\(hierarchy.mount)\(unit)/pup-\(name)"
  }
}
