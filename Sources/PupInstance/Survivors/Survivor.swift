internal import PupSystem

/// A run that is alive though its keeper and its supervisor are gone.
package struct Survivor: Sendable {
  package enum Evidence: Hashable, Sendable {
    /// It is in a cgroup that only this instance's keeper makes, or below a pup-init that carries this instance's mark.
    case proof
    /// Its environment says so, and any process can have any environment.
    case hint
  }

  package var process: String
  package var run: RunRecord
  /// In the state file, or on the pup-init's mark; nil where nothing says it.
  var slot: UInt32?
  /// The folder of its own.
  var cgroup: String?
  package var evidence: Evidence
  /// Whether the state file has it.
  var isNoted: Bool

  var tree: ProcessTree { run.tree(cgroup: cgroup) }

  /// The processes of the run that are alive.
  package var members: [Int32] { tree.members() }

  func isInCgroup(_ pid: Int32) -> Bool { cgroup.map { CgroupFolder(path: $0).contains(pid) } ?? false }

  /// Takes a pup-init that was found for its own. Its first child is the program.
  mutating func adopt(_ initPid: Int32, startTime: UInt64) {
    (run.initPid, run.initStartTime) = (initPid, startTime)
    guard let leader = ProcFiles.children(of: initPid)?.first else { return }
    run.pid = leader
    run.startTime = ProcFiles.stat(of: leader)?.startTime ?? 0
  }

  /// The one to name to people.
  package var pid: Int32 { run.pid > 0 ? run.pid : members.first ?? run.initPid }
}
