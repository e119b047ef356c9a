internal import CLinux
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// Has the files by which this instance is found looked at, and made anew where somebody has removed them; says what is wrong
/// with them, and with the keeper. `Caretaker` looks. Belongs to the control loop.
final class FileCare {
  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let lock: InstanceLockInForce
  private let interface: Interface
  private let logs: BrainLogs
  /// Of the configuration.
  private var home: HomeFolder?
  /// The files are being looked at.
  private var isLooking = false
  private var reports = FileReports()

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ lock: InstanceLockInForce, _ interface: Interface,
    _ logs: BrainLogs
  ) {
    (self.loop, self.state, self.keeper, self.lock) = (loop, state, keeper, lock)
    (self.interface, self.logs) = (interface, logs)
  }

  /// The configuration's folder is where it should be now.
  func begin(_ instance: SupervisedInstance) { home = HomeFolder(instance.description.directory) }

  /// Each second; nothing is done while the look before is not over.
  func look() {
    guard state.isSupervising, !isLooking, let surface = interface.surface, let instance = state.instance else { return }
    isLooking = true
    let pointer = RuntimePointer(
      runtime: instance.description.runtimeDirectory, bootID: RuntimeFiles.bootID, madeTemporary: instance.isTemporaryOurs)
    let caretaker = Caretaker(
      paths: instance.paths, home: home, store: surface.store, pointer: pointer, lock: lock.number, keeper: keeper.pid,
      secret: surface.tokens.secret, port: surface.listening.port,
      socket: surface.listening.socketPath)
    let me = LoopBound(self, to: loop)
    surface.queries.loop.post { [loop] in
      let findings = caretaker.look()
      loop.post { me { $0.looked(findings) } }
    }
  }

  private func looked(_ findings: Caretaker.Findings) {
    isLooking = false
    endLostTokens()
    if let lock = findings.lock { self.lock.replace(with: lock) }
    let lines = reports.lines(
      about: findings, keeper: keeper.pid, hold: ProcessHold.ofKeeper(keeper.pid), replacedPages: pup_replaced_pages(),
      runtime: state.instance?.description.runtimeDirectory ?? "")
    for line in lines { logs.log(line.severity, line.category, line.text) }
    if findings.isSocketMissing { interface.remakeLocal() }
  }

  /// Nobody can say any more which tokens were revoked: all of them end.
  private func endLostTokens() {
    guard let surface = interface.surface, surface.lossMark.take() else { return }
    let mark = surface.lossMark
    surface.tokens.rotate(by: "pup") { result in
      // Tried again with the next look.
      if case .failure = result { mark.set() }
    }
  }
}
