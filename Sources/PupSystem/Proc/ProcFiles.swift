internal import CLinux
internal import Glibc

/// The few files of /proc and cgroupfs that are read here. All are made by the kernel, so their form is certain.
package enum ProcFiles {
  /// The file's content; nil when it cannot be opened (the process is gone).
  package static func read(_ path: String) -> [UInt8]? {
    let descriptor = pup_open(path, O_RDONLY, 0)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return readAll(descriptor)
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

  package static func stat(of pid: Int32) -> Stat? {
    guard let text = read("/proc/\(pid)/stat"), let close = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    // After the name: state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime stime cutime cstime priority nice
    // threads itrealvalue starttime vsize rss
    let fields = text[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 21 else { return nil }
    func number(_ index: Int) -> UInt64 { UInt64(String(decoding: fields[index], as: UTF8.self)) ?? 0 }
    return Stat(
      state: fields[0].first ?? 0, parent: Int32(truncatingIfNeeded: number(1)), group: Int32(truncatingIfNeeded: number(2)),
      session: Int32(truncatingIfNeeded: number(3)), startTime: number(19),
      ticks: Int64(clamping: number(11) + number(12) + number(13) + number(14)), residentPages: Int64(clamping: number(21)))
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

  /// Everything below `root` in the process tree.
  package static func descendants(of root: Int32) -> [Int32] {
    var found: [Int32] = []
    var queue = [root]
    var parents: [Int32: [Int32]]?
    while let next = queue.popLast() {
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
