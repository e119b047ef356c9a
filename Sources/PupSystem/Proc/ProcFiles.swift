internal import CLinux
internal import Glibc

/// The few files of /proc and cgroupfs that are read here. All are made by the kernel, so their form is certain.
package enum ProcFiles {
  /// The file's content; nil when it cannot be opened (the process is gone).
  package static func read(_ path: String) -> [UInt8]? {
    let file = Descriptor(pup_open(path, O_RDONLY, 0))
    return file.isOpen ? readAll(file.number) : nil
  }

  package static func readAll(_ descriptor: Int32) -> [UInt8]? {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      guard count >= 0 else { return nil }
      guard count > 0 else { return content }
      content.append(contentsOf: chunk[0..<count])
    }
  }

  package static func numbers(_ text: [UInt8]) -> [Int32] {
    var numbers: [Int32] = []
    var current: Int32?
    for byte in text {
      if byte >= 0x30, byte <= 0x39 {
        current = (current ?? 0) &* 10 &+ Int32(byte - 0x30)
      } else if let number = current {
        numbers.append(number)
        current = nil
      }
    }
    if let number = current { numbers.append(number) }
    return numbers
  }

  package struct Stat: Sendable {
    package var state: UInt8
    package var parent: Int32
    package var group: Int32
    package var session: Int32
    /// Clock ticks after boot.
    package var startTime: UInt64
    /// Processor time in clock ticks: the process's own, and that of children it has waited for.
    package var ticks: Int64
    package var residentPages: Int64
  }

  package static func stat(of pid: Int32) -> Stat? { stat(at: "/proc/\(pid)/stat") }

  /// Of a thread of this process.
  static func stat(ofThread number: Int32) -> Stat? { stat(at: "/proc/self/task/\(number)/stat") }

  private static func stat(at path: String) -> Stat? {
    guard let text = read(path), let close = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    // After the name: state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority
    // nice threads itrealvalue starttime vsize rss
    let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 21 else { return nil }
    func number(_ index: Int) -> UInt64 { UInt64(String(decoding: fields[index], as: UTF8.self)) ?? 0 }
    return Stat(
      state: fields[0].first ?? 0, parent: Int32(truncatingIfNeeded: number(1)), group: Int32(truncatingIfNeeded: number(2)),
      session: Int32(truncatingIfNeeded: number(3)), startTime: number(19),
      ticks: Int64(clamping: number(11) + number(12) + number(13) + number(14)), residentPages: Int64(clamping: number(21)))
  }

  /// Its command line; nil when it is gone, and when it has none.
  package static func words(of pid: Int32) -> [String]? {
    guard let line = read("/proc/\(pid)/cmdline"), !line.isEmpty else { return nil }
    // Behind the last word's end there is an empty rest.
    return line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether the process lives among other process numbers (a container's) than this one. False also where that may not be looked
  /// up.
  package static func isInAnotherNamespace(_ pid: Int32) -> Bool {
    guard let own = namespace("/proc/self/ns/pid"), let other = namespace("/proc/\(pid)/ns/pid") else { return false }
    return own != other
  }

  private static func namespace(_ path: String) -> UInt64? {
    var identity = pup_file_identity()
    let file = Descriptor(pup_open(path, O_RDONLY, 0))
    return pup_identity(file.number, &identity) == 0 ? identity.inode : nil
  }

  /// The effective user. (/proc/PID itself may belong to root for other reasons.)
  package static func user(of pid: Int32) -> UInt32? {
    // Real, effective, saved, of the file system.
    let numbers = status("Uid:", of: pid)
    return numbers.count > 1 ? UInt32(numbers[1]) : nil
  }

  /// Who holds the process as a debugger does; nil for nobody.
  static func tracer(of pid: Int32) -> Int32? {
    status("TracerPid:", of: pid).first.flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The words of one line of /proc/PID/status.
  private static func status(_ name: String, of pid: Int32) -> [String] {
    guard let status = read("/proc/\(pid)/status") else { return [] }
    let start = Array(name.utf8)
    guard let line = status.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: start) }) else { return [] }
    let words = line.dropFirst(start.count).split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether a process may be this user's, at the price of one call: where it is not, /proc/PID is another's. What has to be
  /// certain asks `user`.
  package static func mayBeOwn(_ pid: Int32) -> Bool {
    var info = Glibc.stat()
    return fstatat(AT_FDCWD, "/proc/\(pid)", &info, 0) == 0 && info.st_uid == geteuid()
  }

  /// Whether the kernel's short name of a process is this one. For scans of all processes: nearly every one is ruled out by it.
  package static func isNamed(_ name: StaticString, _ pid: Int32) -> Bool {
    let file = Descriptor(pup_open("/proc/\(pid)/comm", O_RDONLY, 0))
    guard file.isOpen else { return false }
    return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 1) { buffer in
      let count = Glibc.read(file.number, buffer.baseAddress, buffer.count)
      // The name is followed by a line break.
      guard count == name.utf8CodeUnitCount + 1 else { return false }
      return name.withUTF8Buffer { $0.elementsEqual(buffer.prefix(count - 1)) }
    }
  }

  /// The children of all threads of a process; nil when the kernel has no such list.
  package static func children(of pid: Int32) -> [Int32]? {
    guard let threads = entries(of: "/proc/\(pid)/task") else { return [] }
    var found: [Int32] = []
    for thread in threads {
      guard let text = read("/proc/\(pid)/task/\(thread)/children") else {
        // A thread that has just ended has no file; a kernel without the list has none for any thread.
        if access("/proc/thread-self/children", F_OK) != 0 { return nil }
        continue
      }
      found += numbers(text)
    }
    return found
  }

  /// The numeric names in a folder of /proc.
  package static func entries(of path: String) -> [Int32]? {
    FolderNames.list(path)?.compactMap { Int32($0) }.filter { $0 > 0 }
  }

  /// Every process that runs a program: neither a thread of the kernel nor a zombie. For scans of all processes: one call each
  /// rules out most of those of an idle machine, which would cost an open, a read and a close for every file that is asked for.
  package static func programs() -> [Int32] {
    (entries(of: "/proc") ?? []).filter { pid in
      var first: CChar = 0
      // Another user's program cannot be read, and counts.
      return readlink("/proc/\(pid)/exe", &first, 1) >= 0 || errno != ENOENT
    }
  }

  /// The path of a process's cgroup v2, "/" for the root.
  package static func cgroup(of pid: Int32) -> String? {
    guard let text = read("/proc/\(pid)/cgroup") else { return nil }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("0::") }.map {
      String($0.dropFirst(3))
    }
  }

  /// The name by which people know a process; "?" where it is gone.
  package static func name(of pid: Int32) -> String {
    read("/proc/\(pid)/comm").map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) } ?? "?"
  }

  /// A variable of the environment with which a process was executed. The process can have changed it since.
  package static func variable(_ name: String, of pid: Int32) -> String? {
    let start = Array("\(name)=".utf8)
    return read("/proc/\(pid)/environ")?.split(separator: 0).first { $0.starts(with: start) }
      .map { String(decoding: $0.dropFirst(start.count), as: UTF8.self) }
  }

  /// Everything below `root` in the process tree; of a tree that is larger than the limit, at least so many.
  package static func descendants(of root: Int32, atMost limit: Int = .max) -> [Int32] {
    var found: [Int32] = []
    var queue = [root]
    var parents: [Int32: [Int32]]?
    while found.count < limit, let next = queue.popLast() {
      let children: [Int32]
      if let parents {
        children = parents[next] ?? []
      } else if let list = ProcFiles.children(of: next) {
        children = list
      } else {
        let map = childrenByParent()
        parents = map
        children = map[next] ?? []
      }
      found += children
      queue += children
    }
    return found
  }

  /// Every process of a session but zombies.
  package static func members(ofSession session: Int32) -> [Int32] {
    (entries(of: "/proc") ?? []).filter { pid in
      guard let stat = stat(of: pid) else { return false }
      return stat.session == session && stat.state != UInt8(ascii: "Z")
    }
  }

  private static func childrenByParent() -> [Int32: [Int32]] {
    var map: [Int32: [Int32]] = [:]
    for pid in entries(of: "/proc") ?? [] {
      if let stat = stat(of: pid) { map[stat.parent, default: []].append(pid) }
    }
    return map
  }
}
