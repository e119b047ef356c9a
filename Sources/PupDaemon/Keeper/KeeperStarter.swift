internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// Starts a keeper in place of one that died: the lock, the shared files and the executables in this brain's hands are all that
/// it needs. Belongs to the control loop.
final class KeeperStarter {
  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let lock: InstanceLockInForce
  private let logs: BrainLogs
  /// In place of a process.
  private let start: (@Sendable () throws(StartFailure) -> KeeperSockets)?
  private var renewal = KeeperRenewal()
  /// Where a keeper that was started says why it could not be executed.
  private var report: Descriptor?
  /// The log socket to a new keeper, which is not used before that has confirmed every run.
  private var freshLogSocket: Descriptor?

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ lock: InstanceLockInForce, _ logs: BrainLogs,
    start: (@Sendable () throws(StartFailure) -> KeeperSockets)?
  ) {
    (self.loop, self.state, self.keeper, self.lock, self.logs, self.start) = (loop, state, keeper, lock, logs, start)
  }

  /// A new keeper has not got everything from this brain yet.
  var isHandingOver: Bool { freshLogSocket != nil }

  /// The new keeper has everything.
  func takeLogSocket() -> Descriptor? {
    defer { freshLogSocket = nil }
    return freshLogSocket
  }

  /// The keeper has died.
  func keeperDied() {
    let failure = report.flatMap { StartFailure(report: $0.number) }
    report = nil
    if renewal.pause == 0 {
      logs.log(
        .error, .keeper,
        "the keeper (pid \(keeper.pid)) died; starting a new one. The programs keep running\(KeeperRestart.wayOut(state.instance?.description))"
      )
    }
    // One that came this far without a welcome never worked.
    if renewal.isUnderWay {
      notStarted(failure.map { "\($0)" } ?? "it ended before it had said anything")
    } else {
      startNew()
    }
  }

  private func startNew() {
    do throws(StartFailure) {
      let sockets = if let start { try start() } else { try spawn() }
      renewal.started()
      freshLogSocket = sockets.logs
      keeper.open(sockets.control)
    } catch {
      notStarted("\(error)")
    }
  }

  /// Tried again with pauses, for as long as it takes: meanwhile the programs run on, and nothing can be started or stopped.
  private func notStarted(_ reason: String) {
    if renewal.failed(reason) {
      logs.log(.error, .keeper, "cannot start a keeper: \(reason). The programs keep running; trying again at least every 2 s")
    }
    let me = LoopBound(self, to: loop)
    _ = loop.schedule(at: loop.now + renewal.pause) { me { $0.startNew() } }
  }

  /// A new keeper has welcomed this brain.
  func keeperWorks() {
    report = nil
    if renewal.succeeded() { logs.log(.info, .keeper, "a new keeper (pid \(keeper.pid)) works") }
  }

  private func spawn() throws(StartFailure) -> KeeperSockets {
    var (control, keeperControl, logs, keeperLogs): (Int32, Int32, Int32, Int32) = (-1, -1, -1, -1)
    var (report, itsReport): (Int32, Int32) = (-1, -1)
    let sockets = min(pup_seqpacket_pair(&control, &keeperControl), pup_seqpacket_pair(&logs, &keeperLogs))
    let made = min(sockets, pup_pipe(&report, &itsReport, true))
    let own = KeeperSockets(control: Descriptor(control), logs: Descriptor(logs))
    let its = KeeperSockets(control: Descriptor(keeperControl), logs: Descriptor(keeperLogs))
    let (reportEnd, itsReportEnd) = (Descriptor(report), Descriptor(itsReport))
    var arguments = KeeperArguments()
    let (held, welcome) = (keeper.held, keeper.welcome)
    for which in WelcomeDescriptor.allCases { arguments[which] = held[which.rawValue].number }
    arguments.rows = Int(welcome.ledgerRows)
    arguments.programs = welcome.programs
    let instance = state.instance
    (arguments.runtime, arguments.pointer) = (instance?.description.runtimeDirectory ?? "", instance?.paths.pointerFile ?? "")
    arguments.cgroupBase = welcome.cgroupBase
    arguments.openFiles = Int(clamping: welcome.openFileLimit)
    (arguments.brainPid, arguments.control, arguments.logs) = (getpid(), its.control.number, its.logs.number)
    let inherited = (held + [its.control, its.logs]).map(\.number)
    let pid =
      made < 0
      ? made
      : CommandWords.withPointers(arguments.words) { argv in
        pup_spawn_keeper(arguments.keeperExecutable, argv, environ, inherited, Int32(inherited.count), itsReportEnd.number)
      }
    guard pid > 0 else { throw StartFailure(made < 0 ? "sockets" : SpawnStage.clone.word, errno: -pid) }
    signal(SIGCHLD, SIG_IGN)
    InstanceLock.recordOwner(lock.number, pid: pid)
    self.report = reportEnd
    return own
  }
}
