internal import CLinux
internal import Glibc
internal import PupSystem

/// The process that does not die: parent and subreaper of everything, holder of the descriptors and of the brain's memory. One
/// thread, one epoll descriptor. It parses nothing that a user wrote and never waits for the brain: what cannot be told now stays
/// recorded in the registry of runs.
///
/// Composes the types that each do a part of this, and decides only what is between them.
package final class Keeper {
  let installation: Installation
  let poller: Poller
  let signals: Descriptor
  var settings: ProcessSettings
  let serviceManager: ServiceManager
  let requests = SignalRequests()
  /// For the brains to come.
  let store = DescriptorStore()
  let runs = RunRegistry()
  let link: BrainLink
  let output: OutputTaker
  let control: RunControl
  let brains: BrainWatch
  let upgrades: UpgradeInPlace
  let stop: StopWithoutBrain
  var exitCode: Int32?

  init(_ arguments: KeeperArguments) throws(SystemError) {
    installation = Installation(arguments)
    let null = try ProcessSettings.fillStandardDescriptors()
    poller = try Poller()
    signals = try ProcessSettings.signalDescriptor()
    let ledger = try StreamLedger(descriptor: arguments.streams, rows: arguments.rows)
    serviceManager = ServiceManager()
    settings = ProcessSettings()
    CloseOnExec.set(arguments.descriptors)
    try poller.add(signals.number, WatchKey(.signals))
    let children = Children()
    link = BrainLink(poller: poller, runs: runs, requests: requests)
    output = try OutputTaker(nestedIn: poller, runs: runs, link: link, ledger: ledger, null: null)
    control = RunControl(
      installation: installation, null: null, poller: poller, runs: runs, children: children, link: link)
    brains = BrainWatch(
      installation: installation, runs: runs, children: children, cgroups: control.cgroups, store: store, requests: requests,
      link: link, output: output)
    upgrades = UpgradeInPlace(
      installation: installation, poller: poller, children: children, brains: brains, ledger: ledger.version)
    stop = StopWithoutBrain(
      installation: installation, runs: runs, trees: control.trees, brains: brains, requests: requests)
    children.isServant = { [unowned link, unowned upgrades] pid in link.brain?.pid == pid || upgrades.waits(for: pid) }
    // After an exec they are told apart already.
    if arguments.resume < 0 { children.inherit(ProcFiles.children(of: getpid()) ?? []) }
    // Children that ended before the mask was in place have told nobody.
    children.lookNow()
  }

  // MARK: The loop

  /// Serves until the brain or a stop ends it; returns the exit code.
  func run() -> Int32 {
    while exitCode == nil {
      let patience = timeout()
      let expected = patience < 0 ? Int64.max : Clock.monotonic + Int64(patience) * 1_000_000
      let events = poller.wait(patience)
      forgiveOwnDelay(expected)
      let began = Clock.monotonic
      for event in events { dispatch(event.key, event.events) }
      control.trees.settleEmptied()
      forgiveOwnDelay(began)
      if exitCode == nil { tick() }
      // What time brought may have emptied others.
      control.trees.settleEmptied()
    }
    store.dropAll()
    control.end()
    return exitCode ?? 0
  }

  /// A keeper that was itself stopped, starved or busy comes back later than it meant to.
  private func forgiveOwnDelay(_ expected: Int64) {
    let now = Clock.monotonic
    guard now > expected, now - expected > Clock.second else { return }
    brains.forgive(until: now)
    requests.forgive(until: now)
  }

  private func dispatch(_ key: WatchKey, _ events: UInt32) {
    switch key.kind {
    case .signals: readSignals()
    case .control: link.ready(events, handle)
    case .logs: output.ready()
    case .brain: brainEnded()
    case .candidateControl: upgrades.candidateSpoke()
    case .candidate: upgrades.candidateEnded()
    case .programCheck: upgrades.programCheckEnded()
    case .leader: control.leaderEnded(key.entry)
    case .errorPipe: control.errorPipeReady(key.entry)
    case .reports: control.reportsReady(key.entry)
    case .cgroupEvents: control.cgroupChanged(key.entry)
    case .initProcess: control.initProcessEnded(key.entry)
    }
  }

  /// Everything that time brings.
  private func tick() {
    let now = Clock.monotonic
    brains.tick(now, isUpgrading: upgrades.hasCandidate)
    control.tick(now)
    if stop.tick(now) { exitCode = 0 }
    upgrades.tick(now)
    serviceManager.tick(now)
  }

  private func timeout() -> Int32 {
    let deadlines = [
      brains.deadline(isUpgrading: upgrades.hasCandidate), brains.restartAt, control.deadline, stop.deadline, upgrades.deadline,
      serviceManager.deadline,
    ]
    guard let next = deadlines.compactMap({ $0 }).min() else { return -1 }
    let remaining = next - Clock.monotonic
    return remaining <= 0 ? 0 : Int32(truncatingIfNeeded: min((remaining + 999_999) / 1_000_000, 3_600_000))
  }

  // MARK: Signals

  private func readSignals() {
    var info = pup_signal_info()
    while pup_signal_read(signals.number, &info) > 0 {
      switch info.signal {
      case SIGCHLD: control.childEnded()
      case SIGTERM, SIGINT, SIGQUIT: askedToTerminate(info.signal)
      // The terminal went away: the programs of a foreground `pup run` go with it. A daemon keeps SIGHUP for "reload".
      case SIGHUP: if settings.hasTerminal { askedToTerminate(info.signal) } else { askedToReload() }
      case SIGUSR1: replaceSelf()
      case SIGUSR2: upgrades.begin()
      default: break
      }
    }
  }

  private func askedToReload() {
    requests.hangUp()
    link.tellAboutSignals()
  }

  private func askedToTerminate(_ signal: Int32) {
    switch requests.terminate(signal, at: Clock.monotonic) {
    case .stop: serviceManager.stopping()
    case .kill: control.trees.killAll()
    case .nothingNew: break
    }
    link.tellAboutSignals()
  }

  // MARK: The end of the brain in charge

  private func brainEnded() {
    guard let brain = link.brain, let end = brain.end() else { return }
    // Its last words may still be in the socket: a farewell, or a request whose state it has saved.
    link.ready(Poller.input, isLast: true, handle)
    guard link.brain === brain else { return }
    brains.disconnect()
    if let code = brain.farewell {
      exitCode = code
      return
    }
    control.trees.killPlugins()
    brains.countPredecessor()
    if brain.yieldingSince != nil, upgrades.promoteProven() { return }
    let verdict = BrainEnd(of: brain, end)
    let wasUpgrade = upgrades.failed(because: verdict.refusal ?? brain.lastWords)
    if let code = brains.judge(brain, verdict, wasUpgrade: wasUpgrade) { exitCode = code }
  }
}
