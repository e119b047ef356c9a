internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport

/// Processes that are not a test's own children.
enum Processes {
  /// A zombie is not alive.
  static func isAlive(_ pid: Int32) -> Bool {
    guard let stat = ProcFiles.stat(of: pid) else { return false }
    return stat.state != UInt8(ascii: "Z") && stat.state != UInt8(ascii: "X")
  }

  static func anyIsAlive(_ pids: [Int32]) -> Bool { pids.contains { isAlive($0) } }

  static func name(_ pid: Int32) -> String { Files.lines("/proc/\(pid)/comm").first ?? "" }

  /// False when it still runs after so long.
  static func waitForEnd(_ pid: Int32, seconds: Double) -> Bool {
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else { return true }
    defer { close(pidfd) }
    var ready = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    return poll(&ready, 1, Deadline(seconds: seconds).milliseconds) > 0
  }

  /// Ends one process for certain.
  static func kill(_ pid: Int32, _ signal: Int32 = SIGKILL) {
    let pidfd = pup_pidfd_open(pid)
    guard pidfd >= 0 else { return }
    defer { close(pidfd) }
    _ = pup_pidfd_signal(pidfd, signal)
  }

  /// Stops every thread of it; returns when the last one stands still.
  static func stop(_ pid: Int32) throws {
    kill(pid, SIGSTOP)
    let deadline = Deadline(seconds: 5)
    while Files.names(in: "/proc/\(pid)/task").contains(where: { isRunning("/proc/\(pid)/task/\($0)/stat") }) {
      guard !deadline.hasPassed else { throw Failure("\(pid) does not stop") }
      sched_yield()
    }
  }

  /// Neither stopped nor dead.
  private static func isRunning(_ path: String) -> Bool {
    guard let stat = Files.bytes(path), let end = stat.lastIndex(of: UInt8(ascii: ")")), end + 2 < stat.count else {
      return false
    }
    return !"TtZX".utf8.contains(stat[end + 2])
  }

  /// Those that carry the mark in their environment, or work in the folder (an empty environment does not hide them).
  static func marked(_ mark: String, below folder: String) -> [Int32] {
    (ProcFiles.entries(of: "/proc") ?? []).filter { pid in
      guard pid != getpid(), isAlive(pid) else { return false }
      if let directory = target(ofLink: "/proc/\(pid)/cwd"), directory == folder || directory.hasPrefix(folder + "/") {
        return true
      }
      guard let environment = Files.bytes("/proc/\(pid)/environ") else { return false }
      return environment.split(separator: 0).contains { $0.elementsEqual(mark.utf8) }
    }
  }

  static func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let length = buffer.withUnsafeMutableBufferPointer { bytes in bytes.baseAddress.map { readlink(path, $0, bytes.count) } ?? -1
    }
    return length < 0 ? nil : String(decoding: buffer.prefix(length), as: UTF8.self)
  }

  static func describe(_ pid: Int32) -> String {
    let words = (Files.bytes("/proc/\(pid)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return "\(pid) \(name(pid)): \(words.joined(separator: " ").prefix(120))"
  }
}
