import CLinux
import Glibc

@testable import PupSystem

/// A cgroup of one test's own.
final class TestCgroup {
  let path: String

  /// The cgroup of this process; nil where no others can be made in it.
  static let parent: String? = {
    let mounts = ProcFiles.read("/proc/self/mounts").map { String(decoding: $0, as: UTF8.self) } ?? ""
    let mount = mounts.split(separator: "\n").map { $0.split(separator: " ") }.first { $0.count > 2 && $0[2] == "cgroup2" }?[1]
    guard let mount, let own = ProcFiles.cgroup(of: getpid()) else { return nil }
    let folder = "\(mount)\(own == "/" ? "" : own)"
    return access("\(folder)/cgroup.procs", W_OK) == 0 && access(folder, W_OK) == 0 ? folder : nil
  }()

  static var isPossible: Bool { parent != nil }

  init() throws {
    guard let parent = Self.parent else { throw SystemError("no cgroup v2", errno: ENOTSUP) }
    path = "\(parent)/pup-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    guard mkdir(path, 0o755) == 0 else { throw SystemError("mkdir \(path)", errno: errno) }
  }

  deinit {
    _ = CgroupFolder(path: path).kill()
    let events = pup_open("\(path)/cgroup.events", O_RDONLY, 0)
    while events >= 0 {
      lseek(events, 0, SEEK_SET)
      let text = ProcFiles.readAll(events).map { String(decoding: $0, as: UTF8.self) }
      var ready = pollfd(fd: events, events: Int16(POLLPRI), revents: 0)
      guard text?.contains("populated 1") == true, poll(&ready, 1, 20_000) == 1 else { break }
    }
    if events >= 0 { close(events) }
    for name in FolderNames.list(path) ?? [] { rmdir("\(path)/\(name)") }
    rmdir(path)
  }
}
