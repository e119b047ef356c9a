internal import CLinux
internal import PupSystem

/// One run as the keeper knows it: what is known, and nothing that is done. Each of its many properties is a fact of its own, and
/// all travel through an exec of the keeper.
struct Entry {
  enum Phase {
    /// Cloned; the error pipe tells whether exec succeeds.
    case spawning(errorPipe: Descriptor)
    case running
    /// The leader ended (as a zombie that holds its pid, where it is the keeper's child); the tree may live on.
    case exited
    /// The tree is empty and the leader is reaped.
    case empty
    case failed
  }

  /// What the brain in charge has not been told yet.
  struct Notices: OptionSet {
    let rawValue: UInt8
    static let outcome = Notices(rawValue: 1)  // spawned or failed
    static let exited = Notices(rawValue: 2)
    static let empty = Notices(rawValue: 4)
    static let adopted = Notices(rawValue: 8)
  }

  let key: EntryKey
  var phase: Phase
  /// The leader; 0 while a pup-init has not named it yet.
  var pid: Int32 = 0
  /// A pidfd of the leader; nil where there is none, or not any more.
  var handle: Descriptor?
  var startTime: UInt64 = 0
  /// Whether the leader is a child of this keeper, so that it can be waited for.
  var isChild = true
  var tree: Tree
  var output: OutputPipe?
  var error: OutputPipe?
  var graceNanoseconds: UInt64 = 0
  var timeoutNanoseconds: UInt64 = 0
  var isPlugin = false
  var exit: ExitRecord?
  var failure = SpawnError.none
  var notices: Notices = []
  /// Whether the brain in charge has this run in its inventory.
  var announced = false
  /// For a leader that is nobody's child here: give up asking for its status at this time (CLOCK_MONOTONIC ns).
  var statusDeadline: Int64?
  /// Signals for a program that does not execute yet: before setsid there is no group to send them to.
  var deferredSignals: [(signal: Int32, scope: TreeScope)] = []
  /// This keeper has sent SIGKILL, so that the leader's end by it explains itself.
  var isKilled = false
  /// While the keeper stops the tree by itself.
  var stopping: StopPlan?

  var isLive: Bool {
    switch phase {
    case .spawning, .running, .exited: true
    case .empty, .failed: false
    }
  }

  var inventory: InventoryEntry {
    let phase: InventoryEntry.Phase =
      switch self.phase {
      case .spawning: .spawning
      case .running: .running
      case .exited: .exited
      case .empty: .empty
      case .failed: .failed
      }
    var entry = InventoryEntry(key: key, phase: phase)
    entry.pid = pid
    entry.startTime = startTime
    entry.exit = exit
    entry.failure = failure
    entry.cgroup = tree.cgroup?.name ?? ""
    entry.initPid = tree.initProcess?.pid ?? 0
    entry.initStartTime = tree.initProcess?.startTime ?? 0
    entry.rowOut = output?.row ?? 0
    entry.rowErr = error?.row ?? 0
    entry.consumedOut = output?.consumed ?? 0
    entry.consumedErr = error?.consumed ?? 0
    entry.hasOutput = output != nil
    entry.hasError = error != nil
    return entry
  }

  /// The number of `handle`, or -1.
  var pidfd: Int32 { handle?.number ?? -1 }

  var streamDescriptors: [Int32] { [output, error].compactMap { $0?.descriptor.number } }

  /// What has to be watched for everything about the run to be noticed. With a pup-init, its reports tell of the leader.
  var watches: [(descriptor: Int32, kind: WatchKey.Kind, events: UInt32)] {
    let input = UInt32(PUP_EPOLL_IN)
    var all: [(Int32, WatchKey.Kind, UInt32)] = []
    if case .spawning(let errorPipe) = phase { all.append((errorPipe.number, .errorPipe, input)) }
    if let cgroup = tree.cgroup { all.append((cgroup.events.number, .cgroupEvents, UInt32(PUP_EPOLL_PRI))) }
    if let initProcess = tree.initProcess {
      all += [(initProcess.reports.number, .reports, input), (initProcess.pidfd.number, .initProcess, input)]
    } else if pidfd >= 0, isLive, exit == nil, statusDeadline == nil {
      all.append((pidfd, .leader, input))
    }
    return all
  }
}

extension Entry {
  subscript(which: OutputStream) -> OutputPipe? {
    get { which == .standardOutput ? output : error }
    set { if which == .standardOutput { output = newValue } else { error = newValue } }
  }
}
