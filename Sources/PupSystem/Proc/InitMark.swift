internal import Glibc
internal import PupBasics

/// How a run's pup-init is recognized by a process that was never told its pid: by the second word of its command line, which
/// names the instance and the run. (A cgroup is recognized by its name; without one, this is all that a keeper leaves if it dies
/// between starting a run and reporting it.)
package enum InitMark {
  private static let name: StaticString = "pup-init"

  /// - Parameter runtime: the folder of the instance's shared files: no two instances have the same, and it ends with the boot,
  ///   as every process does.
  package static func word(runtime: String, key: EntryKey) -> String { prefix(runtime: runtime) + "\(key)" }

  private static func prefix(runtime: String) -> String { StableHash.digits(of: runtime) + "/" }

  /// A pup-init of this user that carries a mark.
  package struct Found: Hashable, Sendable {
    package var pid: Int32
    package var startTime: UInt64
    package var key: EntryKey
    /// "<process>.<generation>"
    package var name: String
  }

  /// All of `programs` that carry the mark of one of these instances.
  package static func all(runtimes: [String], among programs: [Int32]) -> [Found] {
    let prefixes = runtimes.map(prefix(runtime:))
    return programs.compactMap { pid in
      guard let (word, found) = read(pid), prefixes.contains(where: word.hasPrefix) else { return nil }
      return found
    }
  }

  /// This user's pup-init that carries the word; nil if there is none, or more than one.
  package static func find(_ word: String) -> (pid: Int32, startTime: UInt64)? {
    let found = ProcFiles.programs().filter { carries(word, $0) }
    guard found.count == 1, let stat = ProcFiles.stat(of: found[0]) else { return nil }
    return (found[0], stat.startTime)
  }

  package static func carries(_ word: String, _ pid: Int32) -> Bool { read(pid)?.word == word }

  private static func read(_ pid: Int32) -> (word: String, found: Found)? {
    // No process can keep its name from being read.
    guard ProcFiles.isNamed(name, pid), let words = ProcFiles.words(of: pid), words.count == 2, words[0].hasPrefix("\(name): ")
    else { return nil }
    let numbers = words[1].drop { $0 != "/" }.dropFirst().split(separator: ".")
    guard numbers.count == 2, let slot = UInt32(numbers[0]), let generation = UInt32(numbers[1]) else { return nil }
    // In its own session, of this user, not in a container; and not a zombie, which has no command line.
    guard let stat = ProcFiles.stat(of: pid), stat.session == pid, ProcFiles.user(of: pid) == geteuid(),
      !ProcFiles.isInAnotherNamespace(pid)
    else { return nil }
    return (
      words[1],
      Found(
        pid: pid, startTime: stat.startTime, key: EntryKey(slot: slot, generation: generation),
        name: String(words[0].dropFirst(name.utf8CodeUnitCount + 2)))
    )
  }
}
