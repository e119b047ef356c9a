internal import Glibc

/// How a run's pup-init is known to somebody who was never told its pid: by the second word of its command line, which names the instance and
/// the run. (A cgroup is known by its name; without one this is all that a keeper leaves that dies between starting a run and telling of it.)
package enum InitMark {
  private static let name = "pup-init"

  /// - Parameter runtime: the folder of the instance's shared files: no two instances have the same, and it ends with the boot, as every
  ///   process does.
  package static func word(runtime: String, key: EntryKey) -> String { "\(StableHash.digits(of: runtime))/\(key)" }

  /// The pup-init of this user's that carries the word; nil when there is none, or more than one.
  package static func find(_ word: String) -> (pid: Int32, startTime: UInt64)? {
    let found = (ProcFiles.entries(of: "/proc") ?? []).filter { carries(word, $0) }
    guard found.count == 1, let stat = ProcFiles.stat(of: found[0]) else { return nil }
    return (found[0], stat.startTime)
  }

  private static func carries(_ word: String, _ pid: Int32) -> Bool {
    // Nearly every process is ruled out by this alone.
    guard let line = ProcFiles.read("/proc/\(pid)/cmdline"), !line.isEmpty else { return false }
    let words = line.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    // After the last word's end there is an empty rest.
    guard words.count == 3, words[0].hasPrefix("\(name): "), words[1] == word, words[2].isEmpty else { return false }
    // Its own name, its own session, this user; and not a zombie, which has no command line.
    guard let stat = ProcFiles.stat(of: pid), stat.session == pid,
      let comm = ProcFiles.read("/proc/\(pid)/comm"), comm == Array("\(name)\n".utf8)
    else { return false }
    return owner(of: pid) == geteuid()
  }

  /// The effective user. (/proc/PID itself may belong to root for other reasons.)
  private static func owner(of pid: Int32) -> UInt32? {
    guard let status = ProcFiles.read("/proc/\(pid)/status") else { return nil }
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("Uid:") {
      let numbers = line.split { $0 == "\t" || $0 == " " }
      return numbers.count > 2 ? UInt32(numbers[2]) : nil
    }
    return nil
  }
}
