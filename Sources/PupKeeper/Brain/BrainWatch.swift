internal import Glibc
internal import PupBasics
internal import PupSystem

/// Sees to it that a brain is in charge that works: starts one, greets it, and replaces one that has ended, that is silent, or
/// that gets no nearer to supervising.
final class BrainWatch {
  let installation: Installation
  let runs: RunRegistry
  let children: Children
  let cgroups: RunCgroups
  let store: DescriptorStore
  let requests: SignalRequests
  let link: BrainLink
  private let output: OutputTaker

  /// When one is started (CLOCK_MONOTONIC ns).
  var restartAt: Int64?
  var health = BrainHealth()
  private(set) var predecessors: UInt32 = 0
  /// Under this keeper, or the one before it.
  var hasSupervised = false
  /// What the next brain is told of the one before it.
  var lastDeath = ""

  init(
    installation: Installation, runs: RunRegistry, children: Children, cgroups: RunCgroups, store: DescriptorStore,
    requests: SignalRequests, link: BrainLink, output: OutputTaker
  ) {
    (self.installation, self.runs, self.children, self.cgroups) = (installation, runs, children, cgroups)
    (self.store, self.requests, self.link, self.output) = (store, requests, link, output)
  }

  // MARK: Starting

  func start() {
    restartAt = nil
    guard link.brain == nil else { return }
    do throws(StartFailure) {
      try connect(try Brain.start(installation.arguments.brainExecutable, standby: false))
    } catch {
      notStarted(error)
    }
  }

  /// One that has outlived the keeper before this one.
  func inherit(_ brain: Brain) {
    do throws(StartFailure) {
      try connect(brain)
    } catch {
      notStarted(error)
    }
  }

  /// Puts a brain in charge. One whose end could not be noticed is no use.
  private func connect(_ brain: Brain) throws(StartFailure) {
    do throws(SystemError) {
      try link.connect(brain)
      try output.connect(brain)
    } catch {
      brain.signal(SIGKILL)
      children.dismiss(brain.pid)
      disconnect()
      throw StartFailure(error.call, errno: error.errno)
    }
  }

  /// Forgets the brain and closes the sockets to it.
  func disconnect() {
    if let brain = link.brain { output.disconnect(brain) }
    link.disconnect()
  }

  /// Says nothing about the brain's code: the next try comes after a pause, and counts as no death.
  func notStarted(_ failure: StartFailure) {
    let pause = health.didNotStart()
    let reason = "it could not be started: \(failure)"
    // Once for each reason: the tries go on for as long as it takes.
    if lastDeath != reason {
      complain(
        "cannot start the supervisor: \(failure). The programs keep running; trying again at least every \(BrainHealth.longestStartPause / Clock.second) s"
      )
    }
    lastDeath = reason
    restartAt = Clock.monotonic + pause
  }

  /// None is in charge any more, and none is started.
  func giveUp() {
    restartAt = nil
    guard let brain = link.brain else { return }
    brain.signal(SIGKILL)
    children.dismiss(brain.pid)
    disconnect()
  }

  // MARK: Making way

  /// For a new one that has proven itself.
  func makeWay(_ brain: Brain) {
    brain.yieldingSince = Clock.monotonic
    lastDeath = "it made way for a new one, which failed"
    if !link.send(.yield, to: brain) { brain.signal(SIGKILL) }
  }

  /// The new one is in charge.
  func succeed(with brain: Brain) throws(StartFailure) {
    lastDeath = ""
    health.begin()
    try connect(brain)
    brain.progressed()
    brain.greeted = true
    sendWelcome(to: brain)
  }

  // MARK: Silence

  /// When something has to be done about the brain, if it stays as it is.
  /// - Parameter isUpgrading: another one is about to take its place.
  func deadline(isUpgrading: Bool) -> Int64? {
    link.brain?.deadline(safeModeEnd: safeModeDeadline(isUpgrading: isUpgrading))
  }

  func tick(_ now: Int64, isUpgrading: Bool) {
    if let deadline = deadline(isUpgrading: isUpgrading), deadline <= now {
      endSafeMode(now, isUpgrading: isUpgrading)
      judgeSilence(now, isUpgrading: isUpgrading)
    }
    if let restartAt, restartAt <= now { start() }
  }

  private func judgeSilence(_ now: Int64, isUpgrading: Bool) {
    guard let brain = link.brain, let deadline = deadline(isUpgrading: isUpgrading), deadline <= now else { return }
    defer { brain.abortedAt = now }
    guard brain.abortedAt == nil, brain.farewell == nil else { return brain.signal(SIGKILL) }
    let fault = brain.fault(at: now)
    brain.lastWords = fault
    complain(
      brain.isSilent(at: now)
        ? "the supervisor (pid \(brain.pid)) has been silent for 5 s; replacing it"
        : "the supervisor (pid \(brain.pid)) beats, but \(fault); replacing it")
    brain.signal(SIGABRT)
    // A stopped process takes a fatal signal only when it runs again.
    brain.signal(SIGCONT)
  }

  /// What was sent while this process was stopped or starved is still unread, and must not be taken for silence.
  func forgive(until now: Int64) {
    link.brain?.lastBeat = now
    link.brain?.progressAt = now
  }

  // MARK: Safe mode

  private func safeModeDeadline(isUpgrading: Bool) -> Int64? {
    guard let brain = link.brain, let readyAt = brain.readyAt, let safe = health.safeMode, !requests.isStopping, !isUpgrading,
      brain.abortedAt == nil, brain.yieldingSince == nil
    else { return nil }
    return readyAt + safe.trial
  }

  /// A brain has supervised in safe mode for long enough: the next one gets everything.
  private func endSafeMode(_ now: Int64, isUpgrading: Bool) {
    guard let deadline = safeModeDeadline(isUpgrading: isUpgrading), deadline <= now, let brain = link.brain,
      let safe = health.safeMode
    else { return }
    guard link.send(.yield, to: brain) else {
      // It does not read just now; that is for the beat to judge.
      brain.readyAt = brain.readyAt.map { $0 + Clock.second }
      return
    }
    lastDeath = "it made way at the end of safe mode, after \(safe.trial / Clock.second) s without a fault"
    complain("safe mode ends after \(safe.trial / Clock.second) s without a fault; starting a supervisor with everything")
    health.recover()
    brain.yieldingSince = now
    // What it has said until now counts as life: it gets its time.
    brain.lastBeat = now
  }

  /// One has ended, and another one is to take its place.
  func countPredecessor() { predecessors += 1 }

  // MARK: Through an exec

  func save(to state: inout KeeperState) {
    (state.predecessors, state.lastDeath, state.health) = (predecessors, lastDeath, health)
    state.restartBrainAt = restartAt
  }

  func resume(_ state: KeeperState) {
    (predecessors, lastDeath, health) = (state.predecessors, state.lastDeath, state.health)
    restartAt = state.restartBrainAt
    hasSupervised = true
  }

  func reconnect(_ brain: Brain) {
    let announced = runs.entries.filter { $0.value.announced }.keys
    inherit(brain)
    guard link.brain === brain else { return }
    for key in announced { runs[key]?.announced = true }
    link.resumePending()
    CloseOnExec.set(brain.descriptors)
    guard !brain.isUnderstood else { return }
    // The next one greets this keeper itself.
    refuse(
      brain,
      "the supervisor speaks \(ProtocolFormat.messages.name) version \(brain.agreed) with the keeper before this one, which speaks "
        + Format.words(ProtocolFormat.messages.versions), isFinal: false)
  }
}
