internal import CLinux
internal import Glibc
internal import PupSystem

/// What this machine and this user allow; a test that needs more says so and is skipped.
enum Machine {
  static let isRoot = geteuid() == 0

  /// Where the binaries under test are.
  static let binaries: String = {
    if let folder = getenv("PUP_BIN") { return String(cString: folder) }
    // Tests/IntegrationTests/Support/Machine.swift
    let package = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(package)/.build/release"
  }()

  static let child = "\(binaries)/testchild"

  static let cgroupMount: String? = {
    for line in Files.lines("/proc/self/mounts") {
      let fields = line.split(separator: " ")
      if fields.count > 2, fields[2] == "cgroup2" { return String(fields[1]) }
    }
    return nil
  }()

  /// Whether runs get cgroups of their own here, rather than a pup-init.
  static let usesCgroups: Bool = {
    guard isRoot, let cgroupMount, getenv("PUP_CGROUPS").map({ String(cString: $0) }) != "off" else { return false }
    return access("\(cgroupMount)\(ownGroup)/cgroup.procs", W_OK) == 0
  }()

  /// "" at the root.
  static let ownGroup: String = {
    let line = Files.lines("/proc/self/cgroup").first { $0.hasPrefix("0::") } ?? "0::/"
    return line == "0::/" ? "" : String(line.dropFirst(3))
  }()

  /// PIDFD_GET_INFO reports the exit code of another process's child.
  static let tellsForeignExits: Bool = {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (6, 15)
  }()

  /// Not in every container, and not below a root that is not a mount point.
  static let makesNamespaces: Bool = {
    let null = pup_open("/dev/null", O_RDWR, 0)
    defer { close(null) }
    let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    let words = ["unshare", "-pf", "--mount-proc", "true"]
    let child = try? Child(words, environment: environment, directory: "/", output: null, error: null)
    return child?.wait(seconds: 5) == .exited(0)
  }()

  static func hasProgram(_ name: String) -> Bool {
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(name)", X_OK) == 0 }
  }
}
