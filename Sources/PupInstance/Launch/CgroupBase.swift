internal import CLinux
internal import Glibc
internal import PupSystem

/// The folder below which each run gets a cgroup v2 of its own, where this user can make one.
package enum CgroupBase {
  /// "" where there is none: the trees are then kept by pup-init.
  package static func make(name: String) -> String {
    // For tests, and for machines where somebody else manages the cgroups of this user.
    if let choice = getenv("PUP_CGROUPS"), String(cString: choice) == "off" { return "" }
    let base = path(name: name)
    guard !base.isEmpty, mkdir(base, 0o755) == 0 || errno == EEXIST else { return "" }
    // What counts is that a process can be put there and killed there.
    guard access(base + "/cgroup.procs", W_OK) == 0, access(base + "/cgroup.kill", W_OK) == 0 else {
      rmdir(base)
      return ""
    }
    return base
  }

  /// Where it would be, or is; "" without cgroup v2.
  package static func path(name: String) -> String {
    guard let mount = mountPoint(), let own = ownGroup() else { return "" }
    return "\(mount)\(own == "/" ? "" : own)/pup-\(name)"
  }

  private static func mountPoint() -> String? {
    guard let mounts = RuntimeFiles.text(of: "/proc/self/mounts") else { return nil }
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 2, fields[2] == "cgroup2" { return String(fields[1]) }
    }
    return nil
  }

  private static func ownGroup() -> String? {
    RuntimeFiles.text(of: "/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }.map {
      String($0.dropFirst(3))
    }
  }
}
