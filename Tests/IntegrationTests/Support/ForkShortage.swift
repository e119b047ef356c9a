internal import Glibc
internal import PupTestSupport

/// A Pup that cannot start processes for a while: by the pids controller if the test is root (to which RLIMIT_NPROC does not
/// apply), otherwise by that limit.
final class ForkShortage {
  /// Nil if neither is possible.
  static let isPossible = !Machine.isRoot && Machine.hasProgram("prlimit") || controller != nil

  /// Where cgroups with a pids controller can be created: cgroup v1, or v2 if the controller is delegated to there.
  private static let controller: String? = {
    for line in Files.lines("/proc/self/mounts") {
      let fields = line.split(separator: " ").map(String.init)
      guard fields.count > 3, fields[2] == "cgroup", fields[3].split(separator: ",").contains("pids") else { continue }
      return Machine.isRoot ? fields[1] : nil
    }
    guard Machine.isRoot, let mount = Machine.cgroupMount else { return nil }
    let handedDown = Files.text("\(mount)/cgroup.subtree_control")?.split { $0 == " " || $0 == "\n" } ?? []
    return handedDown.contains("pids") ? mount : nil
  }()

  private let folder: String?
  private let pup: Pup

  init(_ pup: Pup) throws {
    self.pup = pup
    folder = Self.controller.map { "\($0)/pup-tests-\(UInt32.random(in: 0 ... .max))" }
    if let folder, mkdir(folder, 0o755) != 0 { throw Failure("mkdir \(folder): errno \(errno)") }
  }

  /// For `pup run`.
  var prefix: [String] { folder.map { ["sh", "-c", "echo $$ >\($0)/cgroup.procs && exec \"$@\"", "sh"] } ?? [] }

  /// For a `pup run` that finds the shortage.
  var prefixWithin: [String] {
    folder == nil ? ["prlimit", "--nproc=1:"] : ["sh", "-c", "echo $$ >\(folder ?? "")/cgroup.procs && exec \"$@\"", "sh"]
  }

  /// No process in it can fork any more.
  func begin(_ pids: Int32...) throws {
    if let folder { return try Files.write("0", to: "\(folder)/pids.max") }
    for pid in pids { _ = try pup.program(["prlimit", "--pid", "\(pid)", "--nproc=1:"]) }
  }

  func end(_ pids: Int32...) throws {
    if let folder { return try Files.write("max", to: "\(folder)/pids.max") }
    for pid in pids { _ = try pup.program(["prlimit", "--pid", "\(pid)", "--nproc=\(hardLimit):"]) }
  }

  private var hardLimit: String {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(6), &limit)
    return limit.rlim_max == rlim_t.max ? "unlimited" : "\(limit.rlim_max)"
  }

  /// When everything in it has ended.
  func remove() {
    guard let folder else { return }
    let deadline = Deadline(seconds: 5)
    while rmdir(folder) != 0, !deadline.hasPassed { sched_yield() }
    if Files.exists(folder) { print("\(folder) is left") }
  }
}
