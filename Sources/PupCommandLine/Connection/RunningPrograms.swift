internal import CLinux
internal import Glibc
internal import PupSystem

/// The executables that a running Pup is made of, and those that an upgrade would take.
struct RunningPrograms {
  let keeper: Int32
  /// Where an upgrade finds its executables.
  let directory: String

  /// Nil when the process is gone or not ours to look at.
  init?(keeper: Int32) {
    guard let words = ProcFiles.words(of: keeper), let directory = KeeperArguments.value(.programs, in: words) else { return nil }
    self.keeper = keeper
    self.directory = directory
  }

  /// The supervisors that are the keeper's children: one, and during an upgrade two.
  var supervisors: [Int32] {
    let children = ProcFiles.children(of: keeper) ?? ProcFiles.descendants(of: keeper)
    return children.filter { ProcFiles.words(of: $0)?.first == SupervisorArguments.program && Self.isAlive($0) }
  }

  static func isAlive(_ pid: Int32) -> Bool {
    guard let stat = ProcFiles.stat(of: pid) else { return false }
    return stat.state != UInt8(ascii: "Z") && stat.state != UInt8(ascii: "X")
  }

  /// The programs of which other ones are installed than those in force, with the reason in words; nil for one that cannot be
  /// compared.
  func differences() -> [(name: String, differs: Bool?)] {
    var all = [(KeeperArguments.program, "/proc/\(keeper)/exe")]
    if let supervisor = supervisors.last { all.append((SupervisorArguments.program, "/proc/\(supervisor)/exe")) }
    if let number = ProcFiles.words(of: keeper).flatMap({ KeeperArguments.value(.initExecutable, in: $0) }) {
      all.append(("pup-init", "/proc/\(keeper)/fd/\(number)"))
    }
    return all.map { name, inForce in (name, Self.differ("\(directory)/\(name)", inForce)) }
  }

  /// By content: a package that is installed again has new inodes and the same programs.
  private static func differ(_ one: String, _ other: String) -> Bool? {
    let files = [Descriptor(pup_open(one, O_RDONLY, 0)), Descriptor(pup_open(other, O_RDONLY, 0))]
    guard files.allSatisfy(\.isOpen) else { return nil }
    var (left, right) = (pup_file_identity(), pup_file_identity())
    guard pup_identity(files[0].number, &left) == 0, pup_identity(files[1].number, &right) == 0 else { return nil }
    if left.device == right.device, left.inode == right.inode { return false }
    if left.size != right.size { return true }
    var chunks = [[UInt8](repeating: 0, count: 256 << 10), [UInt8](repeating: 0, count: 256 << 10)]
    while true {
      let counts = [0, 1].map { read(files[$0].number, &chunks[$0], chunks[$0].count) }
      guard counts[0] >= 0, counts[1] >= 0 else { return nil }
      if counts[0] != counts[1] || chunks[0][..<counts[0]] != chunks[1][..<counts[1]] { return true }
      if counts[0] == 0 { return false }
    }
  }
}
