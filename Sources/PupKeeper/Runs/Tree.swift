internal import PupSystem

/// By what the members of a run's tree are known: a cgroup of its own, a pup-init that adopts every orphan, or both. With
/// neither, the leader's session is all that is left: so it is where a pup-init was killed.
struct Tree {
  struct Cgroup {
    var name: String
    let directory: Descriptor
    /// The events file, which tells when it is empty.
    let events: Descriptor
  }

  struct InitProcess {
    var pid: Int32
    var startTime: UInt64
    let pidfd: Descriptor
    /// The pipe on which it reports.
    let reports: Descriptor
    /// It has said that nobody is left, and is about to exit.
    var hasEmptied = false
  }

  var cgroup: Cgroup?
  var initProcess: InitProcess?

  static let session = Tree()

  var isSession: Bool { cgroup == nil && initProcess == nil }

  /// Those that are closed with it, and that an exec has to carry over.
  var owned: [Descriptor] {
    var all: [Descriptor] = []
    if let cgroup { all += [cgroup.directory, cgroup.events] }
    if let initProcess { all += [initProcess.pidfd, initProcess.reports] }
    return all
  }
}
