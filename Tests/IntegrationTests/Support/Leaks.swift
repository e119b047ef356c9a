internal import Glibc
internal import PupSystem
internal import Testing

/// What must not be left of an instance that has ended.
struct Leaks {
  private let pup: Pup

  init(of pup: Pup) { self.pup = pup }

  func checkAndClean() {
    endProcesses()
    removeCgroups()
    removeRuntimeFolders()
    checkMounts()
  }

  private func endProcesses() {
    // A process that has just been killed may not have ended yet.
    let deadline = Deadline(seconds: 2)
    var left = Processes.marked(pup.mark, below: pup.folder)
    while let pid = left.first, !deadline.hasPassed {
      _ = Processes.waitForEnd(pid, seconds: Double(deadline.milliseconds) / 1000)
      left = Processes.marked(pup.mark, below: pup.folder)
    }
    guard !left.isEmpty else { return }
    Issue.record("left running:\n\(left.prefix(20).map(Processes.describe).joined(separator: "\n"))\n\(pup.lastLines())")
    for _ in 0..<20 where !left.isEmpty {
      for pid in left { Processes.kill(pid) }
      for pid in left { _ = Processes.waitForEnd(pid, seconds: 1) }
      left = Processes.marked(pup.mark, below: pup.folder)
    }
  }

  private func removeCgroups() {
    guard let mount = Machine.cgroupMount else { return }
    let base = "\(mount)\(Machine.ownGroup)/pup-\(hash)"
    guard Files.exists(base) else { return }
    Issue.record("left: \(base)")
    for name in Files.names(in: base) { rmdir("\(base)/\(name)") }
    rmdir(base)
  }

  private func removeRuntimeFolders() {
    let parents = ["/run/pup", "/dev/shm/pup-\(geteuid())"] + (pup.environment["XDG_RUNTIME_DIR"].map { ["\($0)/pup"] } ?? [])
    for parent in parents where Files.exists("\(parent)/\(hash)") {
      Issue.record("left: \(parent)/\(hash)")
      Files.remove("\(parent)/\(hash)")
    }
    if Files.exists(pup.temporary) { Issue.record("left: \(pup.temporary): \(Files.names(in: pup.temporary))") }
  }

  private func checkMounts() {
    for line in Files.lines("/proc/self/mounts") {
      let fields = line.split(separator: " ")
      guard fields.count > 1, fields[1].hasPrefix(pup.folder) else { continue }
      Issue.record("left mounted: \(line)")
      let detach: Int32 = 2
      umount2(String(fields[1]), detach)
    }
  }

  /// The instance's name for folders outside its own: FNV-1a over the data folder's path.
  private var hash: String {
    let sum = pup.data.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(sum, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
