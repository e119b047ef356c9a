internal import CLinux
internal import Glibc
internal import PupBasics
internal import PupSystem

/// cgroup v2 as this process sees it.
struct CgroupHierarchy {
  /// Where it is mounted.
  let mount: String
  /// Where this process is, below the mount point: "" at the root.
  let own: String

  /// Nil without cgroup v2.
  static func current() -> CgroupHierarchy? {
    guard let mount = mountPoint(), let line = ownLine() else { return nil }
    let path = String(line.dropFirst(3))
    return CgroupHierarchy(mount: mount, own: path == "/" ? "" : path)
  }

  var ownFolder: String { mount + own }

  private static func mountPoint() -> String? {
    guard let mounts = RuntimeFiles.text(of: "/proc/self/mounts") else { return nil }
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 2, fields[2] == "cgroup2" { return String(fields[1]) }
    }
    return nil
  }

  private static func ownLine() -> Substring? {
    RuntimeFiles.text(of: "/proc/self/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::") }
  }

  /// The processes in the cgroup itself, not below it; nil if that cannot be read. A process of another pid namespace appears as
  /// 0.
  static func processes(in folder: String) -> [Int32]? { ProcFiles.read(folder + "/cgroup.procs").map(ProcFiles.numbers) }

  @discardableResult
  static func write(_ text: String, to file: String) -> Bool {
    let file = Descriptor(pup_open(file, O_WRONLY, 0))
    return file.isOpen && Glibc.write(file.number, text, text.utf8.count) == text.utf8.count
  }

  /// "/a/b" of "/a/b/c"
  static func parent(of path: String) -> String { PathText.start(of: path) ?? "" }
}
