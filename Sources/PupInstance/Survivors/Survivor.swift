internal import PupSystem

/// A run that is alive although its keeper and its supervisor are gone.
package struct Survivor: Sendable {
  package enum Evidence: Hashable, Sendable {
    /// It is in a cgroup that only this instance's keeper creates, or below a pup-init that carries this instance's mark.
    case proof
    /// Its environment says so, but any process can have any environment.
    case hint
  }

  package var process: String
  package var run: RunRecord
  /// From the state file, or from the pup-init's mark; nil if unknown.
  var slot: UInt32?
  /// Its own cgroup's folder.
  var cgroup: String?
  package var evidence: Evidence
  /// Whether the state file contains it.
  var isNoted: Bool

  var tree: ProcessTree { run.tree(cgroup: cgroup) }

  /// The processes of the run that are alive.
  package var members: [Int32] { tree.members() }

  func isInCgroup(_ pid: Int32) -> Bool { cgroup.map { CgroupFolder(path: $0).contains(pid) } ?? false }

  /// Adopts a pup-init that was found. Its first child is the program.
  mutating func adopt(_ initPid: Int32, startTime: UInt64) {
    (run.initPid, run.initStartTime) = (initPid, startTime)
    guard let leader = ProcFiles.children(of: initPid)?.first else { return }
    run.pid = leader
    run.startTime = ProcFiles.stat(of: leader)?.startTime ?? 0
  }

  /// The one to show to people.
  package var pid: Int32 { run.pid > 0 ? run.pid : members.first ?? run.initPid }
}
