internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// The ends that somebody has asked for: everything is stopped, and then this brain and its keeper end; or another brain takes
/// over. Neither waits for a disk for ever. Belongs to the control loop.
final class Ending {
  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let supervision: Supervision
  private let interface: Interface
  private let decisions: OperatorDecisions
  private let teller: EventTeller
  private let clients: ClientActions
  private let pidFiles: PidFiles
  private let lock: InstanceLockInForce
  private let logs: BrainLogs
  /// How often the keeper has told that a signal asks for the end.
  private var terminateSignals = 0
  private var isGone = false
  /// What the end of this brain waits for; nil before it, and once nothing is waited for.
  private var lastWork: LastWork?

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ supervision: Supervision, _ interface: Interface,
    _ decisions: OperatorDecisions, _ teller: EventTeller, _ clients: ClientActions, _ pidFiles: PidFiles,
    _ lock: InstanceLockInForce, _ logs: BrainLogs
  ) {
    (self.loop, self.state, self.keeper, self.supervision) = (loop, state, keeper, supervision)
    (self.interface, self.decisions, self.teller, self.clients) = (interface, decisions, teller, clients)
    (self.pidFiles, self.lock, self.logs) = (pidFiles, lock, logs)
  }

  /// Nothing is left but what has deadlines of its own.
  var isUnderWay: Bool { lastWork != nil || isGone }

  private var me: LoopBound<Ending> { LoopBound(self, to: loop) }

  // MARK: Everything is stopped

  func terminate(_ signal: Int32) {
    decisions.settle { [me] loss in me { if let loss { $0.logs.log(.error, .store, loss) } } }
    terminate(by: .signal(signal), signal)
  }

  /// A client asks for it.
  /// - Parameter accepted: on the control loop; with what is lost with this Pup, if anything.
  func terminate(by consumer: String, accepted: @escaping @Sendable (String?) -> Void) {
    decisions.settle { [me] loss in
      me { ending in
        if let loss { ending.logs.log(.error, .store, loss) }
        ending.terminate(by: .consumer(consumer))
        accepted(loss)
      }
    }
  }

  /// - Parameter signal: what a brain that is not supervising yet remembers.
  func terminate(by actor: Cause, _ signal: Int32 = SIGTERM) {
    // It is carried out as soon as there is something to stop.
    guard state.isSupervising else { return keeper.remember(terminateSignal: signal) }
    if case .signal = actor { terminateSignals += 1 }
    // The keeper tells a second signal only where it means "at once"; a signal that follows a client's wish is the first one.
    if terminateSignals == 2 { return supervision.feed(.terminateNow(actor)) }
    guard !supervision.core.isTerminating else { return }
    keeper.send(.notify("STATUS=stopping"))
    teller.tellTerminating()
    // The records name who asked; an instance without processes has none.
    supervision.headerChanged()
    supervision.feed(.terminate(actor))
  }

  /// Every tree is empty. What the programs wrote last still has to reach the logs.
  func allStopped() {
    state.phase = .leaving
    _ = loop.schedule(at: loop.now + 5_000_000_000) { [me] in me { $0.leave() } }
    leaveIfDone()
  }

  func leaveIfDone() {
    guard state.isLeaving, supervision.runs.hasNoRuns else { return }
    leave()
  }

  private func leave() {
    guard !isGone else { return }
    isGone = true
    if keeper.safeMode != nil { interface.surface?.lastDecisions = supervision.core.desiredStates }
    // A disk that hangs must not keep Pup from ending.
    giveUp(after: 5_000_000_000) { $0.farewell() }
    lastWork = .logs
    logs.pump?.finish { [me, loop] in
      loop.post {
        me {
          $0.lastWork = .pidFiles
          $0.pidFiles.finish { me { $0.closeSurface { $0.farewell() } } }
        }
      }
    }
  }

  /// What is not done by then is cut, and that is reported: the log may be what hangs, so to standard error, which may hang as
  /// well.
  private func giveUp(after nanoseconds: Int64, then end: @escaping @Sendable (Ending) -> Void) {
    _ = loop.schedule(at: loop.now + nanoseconds) { [me] in
      me {
        guard let work = $0.lastWork else { return }
        LastWord.say(
          "pup-supervisor: \(work.rawValue) did not end within \(nanoseconds / 1_000_000_000) s; Pup ends without waiting longer")
        end($0)
      }
    }
  }

  /// Last of all: streams have heard of every stop.
  private func closeSurface(then done: @escaping @Sendable (Ending) -> Void) {
    lastWork = .surface
    guard let surface = interface.take() else { return done(self) }
    surface.close { [me] in me { done($0) } }
  }

  private func farewell() {
    lastWork = nil
    logs.finishConsole()
    if let instance = state.instance { RuntimeFiles.remove(directory: instance.description.runtimeDirectory, instance.paths) }
    lock.forgetOwner()
    guard keeper.isOpen else { exit(0) }
    keeper.send(.exit(code: 0))
    keeper.drain { exit(0) }
  }

  // MARK: Another brain

  /// A successor is waiting. Dying at any instruction is safe, so nothing has to be handed over but the console's last lines and
  /// what the database has not got yet. It waits for neither longer than a moment.
  func yield() {
    logs.log(.info, .upgrade, "making way for a new supervisor")
    clients.giveUp()
    giveUp(after: 2_000_000_000) { _ in exit(0) }
    guard let pump = logs.pump else { exit(0) }
    lastWork = .logs
    pump.flush { [me, loop] in
      loop.post {
        me {
          $0.closeSurface {
            $0.logs.finishConsole()
            exit(0)
          }
        }
      }
    }
  }
}
