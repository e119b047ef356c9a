internal import Glibc
internal import PupSystem

/// By what the members of a run's tree are known: a cgroup of its own, a pup-init that adopts every orphan, or both. With
/// neither, the leader's session is all that is left: so it is where a pup-init was killed.
struct Tree {
  struct Cgroup {
    var name: String
    var directory: Int32
    /// The events file, which tells when it is empty.
    var events: Int32

    func close() {
      for descriptor in [directory, events] { Glibc.close(descriptor) }
    }
  }

  struct InitProcess {
    var pid: Int32
    var startTime: UInt64
    var pidfd: Int32
    /// The pipe on which it reports.
    var reports: Int32
    /// It has said that nobody is left, and is about to exit.
    var hasEmptied = false

    func close() {
      for descriptor in [pidfd, reports] { Glibc.close(descriptor) }
    }
  }

  var cgroup: Cgroup?
  var initProcess: InitProcess?

  static let session = Tree()

  var isSession: Bool { cgroup == nil && initProcess == nil }

  /// Those that an exec has to carry over.
  var descriptors: [Int32] {
    var all: [Int32] = []
    if let cgroup { all += [cgroup.directory, cgroup.events] }
    if let initProcess { all += [initProcess.pidfd, initProcess.reports] }
    return all
  }
}
