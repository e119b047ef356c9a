internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// The process that does not die: parent and subreaper of everything, holder of the descriptors and of the brain's memory. One thread, one
/// epoll descriptor. It parses nothing that a user wrote and never waits for the brain: what cannot be told now stays recorded in `entries`.
package final class Keeper {
  static let second: Int64 = 1_000_000_000

  var arguments: KeeperArguments
  let epoll: Int32
  /// Holds nothing but the log socket, and lies in `epoll` itself: the kernel takes a message on a socket for a sign that its sender is about
  /// to sleep, and would have the keeper take turns with the log thread on one processor while another is free. A nested epoll hides the sign.
  let logEpoll: Int32
  let signals: Int32
  let null: Int32
  let ledger: StreamLedger
  let serviceManager: ServiceManager
  /// The oom_score_adj that children get back.
  var originalOOMScore: Int32
  let hasTerminal: Bool

  var entries: [EntryKey: Entry] = [:]
  var lastGeneration: [UInt32: UInt32] = [:]
  var cgroupBase: Int32 = -1
  var cgroupsToRemove: [String] = []
  /// For the brains to come.
  var store = DescriptorStore()

  // MARK: Brain
  var brain: Brain?
  var restartBrainAt: Int64?
  var deaths: [Int64] = []
  var backoff: Int64 = 0
  var safeReason: String?
  var predecessors: UInt32 = 0
  var lastDeath = ""
  var pendingNotices: Set<EntryKey> = []
  var controlBlocked = false
  var logsBlocked = false

  // MARK: Stopping
  /// The first signal that asked for the end.
  var terminateSignal: Int32 = 0
  /// 1: stop in order. 2: kill.
  var terminateCount = 0
  var interrupts = 0
  var terminateAskedAt: Int64 = 0
  var hangUpPending = false
  /// The keeper stops the trees itself, since nobody else does.
  var stopsByItself = false
  var exitCode: Int32?

  // MARK: Upgrade
  var candidate: Candidate?
  var keeperCheck: KeeperCheck?
  /// The executable before the last upgrade, until the new one has taken over.
  var replacedBrain: Int32?

  var strangersAt: Int64?
  var statusPollAt: Int64?
  var sessionPollAt: Int64?
  /// Children that runs belong to (leaders and pup-inits); every other child is a stranger.
  var childPids: Set<Int32> = []

  init(_ arguments: KeeperArguments) throws(SystemError) {
    self.arguments = arguments
    // 0, 1 and 2 have to be something: the child's descriptors are arranged over them.
    while true {
      let descriptor = try check(pup_open("/dev/null", O_RDWR, 0), "open /dev/null")
      if descriptor > 2 {
        null = descriptor
        break
      }
      _ = pup_set_cloexec(descriptor, false)
    }
    epoll = try check(pup_epoll_create(), "epoll_create1")
    logEpoll = try check(pup_epoll_create(), "epoll_create1")
    // Whoever started this may ignore it, and then no child could be waited for.
    signal(SIGCHLD, SIG_DFL)
    let watched = [SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]
    signals = try check(pup_signal_descriptor(watched, Int32(watched.count)), "signalfd")
    signal(SIGPIPE, SIG_IGN)
    signal(SIGTTOU, SIG_IGN)
    ledger = try StreamLedger(descriptor: arguments.streams, rows: arguments.rows)
    serviceManager = ServiceManager()
    originalOOMScore = pup_oom_score()
    // Programs go first when memory runs out; without the right to do so this changes nothing.
    if originalOOMScore > -900 { _ = pup_set_oom_score(-900) }
    let terminal = pup_open("/dev/tty", O_RDONLY | O_NOCTTY, 0)
    // nohup(1) means that the terminal's end is not the programs'.
    hasTerminal = terminal >= 0 && !pup_signal_is_ignored(SIGHUP)
    if terminal >= 0 { close(terminal) }
    _ = pup_set_subreaper(true)
    // A program that is started from an open descriptor is named after the descriptor by older kernels.
    _ = pup_set_name("pup-keeper")
    for descriptor in arguments.descriptors { _ = pup_set_cloexec(descriptor, true) }
    if !arguments.cgroupBase.isEmpty {
      cgroupBase = pup_open(arguments.cgroupBase, O_RDONLY | O_DIRECTORY, 0)
    }
    try check(watch(signals, WatchKey(.signals)), "epoll_ctl")
    try check(watch(logEpoll, WatchKey(.logs)), "epoll_ctl")
    // Children that ended before the mask was in place have told nobody.
    strangersAt = Clock.monotonic
  }

  // MARK: The loop

  /// Serves until the brain or a stop ends it; returns the exit code.
  func run() -> Int32 {
    var events = [pup_epoll_event](repeating: pup_epoll_event(), count: 64)
    while exitCode == nil {
      let patience = timeout()
      let expected = patience < 0 ? Int64.max : Clock.monotonic + Int64(patience) * 1_000_000
      let count = events.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { pup_epoll_wait(epoll, $0, 64, patience) } ?? 0
      }
      forgiveOwnDelay(expected)
      for event in events.prefix(max(0, Int(count))) { dispatch(event) }
      if exitCode == nil { tick() }
    }
    store.dropAll()
    removeCgroups()
    return exitCode ?? 0
  }

  /// A keeper that was itself stopped or starved comes back later than it meant to; what the brain sent meanwhile is still unread, and
  /// must not be taken for silence.
  private func forgiveOwnDelay(_ expected: Int64) {
    let now = Clock.monotonic
    guard now > expected, now - expected > Self.second else { return }
    brain?.lastBeat = now
    if terminateSignal != 0 { terminateAskedAt = max(terminateAskedAt, now) }
  }

  private func dispatch(_ event: pup_epoll_event) {
    guard let key = WatchKey(raw: event.data) else { return }
    switch key.kind {
    case .signals: readSignals()
    case .control: controlReady(event.events)
    case .logs: logsReady()
    case .brain: brainEnded()
    case .candidateControl: candidateSpoke()
    case .candidate: candidateEnded()
    case .keeperCheck: keeperCheckEnded()
    case .leader: leaderEnded(key.entry)
    case .errorPipe: errorPipeReady(key.entry)
    case .reports: reportsReady(key.entry)
    case .cgroupEvents: cgroupChanged(key.entry)
    case .initProcess: initProcessEnded(key.entry)
    }
  }

  /// Everything that time brings.
  private func tick() {
    let now = Clock.monotonic
    watchBrain(now)
    if let at = restartBrainAt, at <= now { startBrain() }
    if let at = strangersAt, at <= now { reapStrangersAroundHeldOnes() }
    if let at = statusPollAt, at <= now { pollAdoptedStatuses(now) }
    if let at = sessionPollAt, at <= now { pollSessions() }
    tickStop(now)
    tickCandidate(now)
    serviceManager.tick(now)
  }

  private func timeout() -> Int32 {
    var next = Int64.max
    func consider(_ deadline: Int64?) { if let deadline { next = min(next, deadline) } }
    consider(brainDeadline)
    consider(restartBrainAt)
    consider(strangersAt)
    consider(statusPollAt)
    consider(sessionPollAt)
    consider(stopDeadline)
    consider(candidate?.deadline)
    consider(keeperCheck?.deadline)
    consider(serviceManager.deadline)
    if next == .max { return -1 }
    let remaining = next - Clock.monotonic
    return remaining <= 0 ? 0 : Int32(truncatingIfNeeded: min((remaining + 999_999) / 1_000_000, 3_600_000))
  }

  // MARK: Watching descriptors

  func watch(_ descriptor: Int32, _ key: WatchKey, _ events: UInt32 = UInt32(PUP_EPOLL_IN)) -> Int32 {
    pup_epoll_add(epoll, descriptor, events, key.raw)
  }

  func unwatch(_ descriptor: Int32) { _ = pup_epoll_remove(epoll, descriptor) }
}
