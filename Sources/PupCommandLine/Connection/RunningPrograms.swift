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
    guard let words = Self.words(of: keeper), let at = words.firstIndex(of: "--programs"), at + 1 < words.count else {
      return nil
    }
    self.keeper = keeper
    directory = words[at + 1]
  }

  /// The supervisors that are the keeper's children: one, and during an upgrade two.
  var supervisors: [Int32] {
    let children = ProcFiles.children(of: keeper) ?? ProcFiles.descendants(of: keeper)
    return children.filter { Self.words(of: $0)?.first == "pup-supervisor" && Self.isAlive($0) }
  }

  static func isAlive(_ pid: Int32) -> Bool {
    guard let stat = ProcFiles.stat(of: pid) else { return false }
    return stat.state != UInt8(ascii: "Z") && stat.state != UInt8(ascii: "X")
  }

  /// The programs of which other ones are installed than those in force, with the reason in words; nil for one that cannot be compared.
  func differences() -> [(name: String, differs: Bool?)] {
    var all = [("pup-keeper", "/proc/\(keeper)/exe")]
    if let supervisor = supervisors.last { all.append(("pup-supervisor", "/proc/\(supervisor)/exe")) }
    if let words = Self.words(of: keeper), let at = words.firstIndex(of: "--init"), at + 1 < words.count {
      all.append(("pup-init", "/proc/\(keeper)/fd/\(words[at + 1])"))
    }
    return all.map { name, inForce in (name, Self.differ("\(directory)/\(name)", inForce)) }
  }

  private static func words(of pid: Int32) -> [String]? {
    ProcFiles.read("/proc/\(pid)/cmdline").map { bytes in
      bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  /// By content: a package that is installed again has new inodes and the same programs.
  private static func differ(_ one: String, _ other: String) -> Bool? {
    let descriptors = [pup_open(one, O_RDONLY, 0), pup_open(other, O_RDONLY, 0)]
    defer { for descriptor in descriptors where descriptor >= 0 { close(descriptor) } }
    guard descriptors.allSatisfy({ $0 >= 0 }) else { return nil }
    var (left, right) = (pup_file_identity(), pup_file_identity())
    guard pup_identity(descriptors[0], &left) == 0, pup_identity(descriptors[1], &right) == 0 else { return nil }
    if left.device == right.device, left.inode == right.inode { return false }
    if left.size != right.size { return true }
    var chunks = [[UInt8](repeating: 0, count: 256 << 10), [UInt8](repeating: 0, count: 256 << 10)]
    while true {
      let counts = [0, 1].map { read(descriptors[$0], &chunks[$0], chunks[$0].count) }
      guard counts[0] >= 0, counts[1] >= 0 else { return nil }
      if counts[0] != counts[1] || chunks[0][..<counts[0]] != chunks[1][..<counts[1]] { return true }
      if counts[0] == 0 { return false }
    }
  }
}
