internal import CLinux
internal import Glibc

/// The cgroup v2 of one run.
package struct CgroupFolder: Hashable, Sendable {
  /// A fork bomb may nest folders as well.
  private static let deepest = 16

  package let path: String
  /// An open descriptor of the folder, which remains its owner's. A folder that was removed and re-created has the same path, but
  /// is not this one.
  private let descriptor: Int32?

  package init(path: String, descriptor: Int32? = nil) { (self.path, self.descriptor) = (path, descriptor) }

  /// All processes in it, and in those that the run has created below it; nil if it is gone.
  package func members() -> [Int32]? {
    guard var found = read("cgroup.procs").map(ProcFiles.numbers) else { return nil }
    if hasFoldersBelow { addMembers(below: "", depth: 0, &found) }
    return found
  }

  private func addMembers(below folder: String, depth: Int, _ found: inout [Int32]) {
    guard depth < Self.deepest else { return }
    for name in FolderNames.list("\(path)/\(folder)") ?? [] {
      // A plain file has no such file below it. A threaded cgroup's processes are listed above it.
      guard let procs = read("\(folder)\(name)/cgroup.procs") else { continue }
      found += ProcFiles.numbers(procs)
      addMembers(below: "\(folder)\(name)/", depth: depth + 1, &found)
    }
  }

  /// The kernel counts a link for each folder below, besides the two that every folder has.
  private var hasFoldersBelow: Bool {
    var info = stat()
    let code = descriptor.map { fstat($0, &info) } ?? stat(path, &info)
    return code == 0 && info.st_nlink != 2
  }

  /// Whether a process is in it, or in one below.
  package func contains(_ pid: Int32) -> Bool {
    ProcFiles.cgroup(of: pid).map { CgroupPath($0).isInside(folder: path) } ?? false
  }

  /// Ends all processes in it and below, and those being forked in the meantime. False if the kernel cannot (before Linux 5.14).
  package func kill() -> Bool {
    let file = open("cgroup.kill", O_WRONLY)
    return file.isOpen && write(file.number, "1", 1) == 1
  }

  /// CPU time of all processes that are or were in it, in microseconds.
  package var cpuMicroseconds: Int64? {
    let line = read("cpu.stat")?.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "usage_usec ".utf8) }
    return line.flatMap { Int64(String(decoding: $0.dropFirst(11), as: UTF8.self)) }
  }

  /// The content of one of its files; nil if there is none.
  package func read(_ file: String) -> [UInt8]? {
    let file = open(file, O_RDONLY)
    return file.isOpen ? ProcFiles.readAll(file.number) : nil
  }

  private func open(_ file: String, _ flags: Int32) -> Descriptor {
    Descriptor(descriptor.map { pup_openat($0, file, flags, 0) } ?? pup_open("\(path)/\(file)", flags, 0))
  }
}
