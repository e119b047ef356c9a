internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// The process that does not die: parent and subreaper of everything, holder of the descriptors and of the brain's memory. One
/// thread, one epoll descriptor. It parses nothing that a user wrote and never waits for the brain: what cannot be told now stays
/// recorded in `entries`.
package final class Keeper {
  static let second: Int64 = 1_000_000_000

  var arguments: KeeperArguments
  let epoll: Int32
  /// Holds nothing but the log socket, and lies in `epoll` itself: the kernel takes a message on a socket for a sign that its
  /// sender is about to sleep, and would have the keeper take turns with the log thread on one processor while another is free. A
  /// nested epoll hides the sign.
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
  var cgroups: RunCgroups
  /// For the brains to come.
  var store = DescriptorStore()

  /// Runs about which not everything would be noticed: a descriptor of theirs could not be opened, read or watched.
  var unwatched: Set<EntryKey> = []

  var strays = StrayBook()
  /// Cgroups that have emptied; whether their runs are over is looked at once for all, before the next wait.
  var emptiedTrees: Set<EntryKey> = []
  /// Children that were there before: of the shell that became `pup run`, say.
  var inherited: Set<Int32> = []
  /// Stands in `inherited` for good once there was one: what those have started arrives here when they are gone.
  static let everInherited: Int32 = 0
  /// Children of this keeper's own that are ending, and are nobody's any more.
  var dismissed: Set<Int32> = []
  /// `pup-init` at the first start, where no run can have a cgroup.
  var initCheck: ProgramCheck?

  // MARK: Brain
  var brain: Brain?
  var restartBrainAt: Int64?
  var health = BrainHealth()
  var predecessors: UInt32 = 0
  /// Under this keeper, or the one before it.
  var hasSupervised = false
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
  /// What is tried, until the new brain is in charge.
  var upgrade: Upgrade?
  /// The executables before the last upgrade, until its brain has taken over.
  var replaced: Upgrade?

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
    cgroups = RunCgroups(path: arguments.cgroupBase)
    epoll = try check(pup_epoll_create(), "epoll_create1")
    logEpoll = try check(pup_epoll_create(), "epoll_create1")
    // Whoever started this may ignore it, and then no child could be waited for.
    signal(SIGCHLD, SIG_DFL)
    let watched = [SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2]
    signals = try check(pup_signal_descriptor(watched, Int32(watched.count)), "signalfd")
    signal(SIGPIPE, SIG_IGN)
    // A limit on the length of files is an error code, as a full disk is.
    signal(SIGXFSZ, SIG_IGN)
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
    try check(watch(signals, WatchKey(.signals)), "epoll_ctl")
    try check(watch(logEpoll, WatchKey(.logs)), "epoll_ctl")
    if arguments.resume < 0 { inherited = Set(ProcFiles.children(of: getpid()) ?? []) }
    if !inherited.isEmpty { inherited.insert(Self.everInherited) }
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
      let began = Clock.monotonic
      for event in events.prefix(max(0, Int(count))) { dispatch(event) }
      settleEmptiedTrees()
      forgiveOwnDelay(began)
      if exitCode == nil { tick() }
      // What time brought may have emptied others.
      settleEmptiedTrees()
    }
    store.dropAll()
    endLost()
    cgroups.removeAll()
    return exitCode ?? 0
  }

  /// A keeper that was itself stopped, starved or busy comes back later than it meant to; what the brain sent meanwhile is still
  /// unread, and must not be taken for silence.
  private func forgiveOwnDelay(_ expected: Int64) {
    let now = Clock.monotonic
    guard now > expected, now - expected > Self.second else { return }
    brain?.lastBeat = now
    brain?.progressAt = now
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
    case .programCheck: programCheckEnded()
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
    cgroups.tick(now)
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
    consider(cgroups.deadline)
    consider(stopDeadline)
    consider(candidate?.deadline)
    for check in upgrade?.checks ?? [] { consider(check.deadline) }
    consider(serviceManager.deadline)
    if next == .max { return -1 }
    let remaining = next - Clock.monotonic
    return remaining <= 0 ? 0 : Int32(truncatingIfNeeded: min((remaining + 999_999) / 1_000_000, 3_600_000))
  }

  // MARK: Watching descriptors

  func watch(_ descriptor: Int32, _ key: WatchKey, _ events: UInt32 = UInt32(PUP_EPOLL_IN)) -> Int32 {
    pup_epoll_add(epoll, descriptor, events, key.raw)
  }

  /// For a run that lives already: where the kernel has no room for a watch now, it is asked again each second.
  func watchAll(_ key: EntryKey) {
    guard let entry = entries[key] else { return }
    for (descriptor, kind, events) in entry.watches {
      let watched = watch(descriptor, WatchKey(kind, key), events)
      if watched < 0, watched != -EEXIST { watchAgainLater(key, errno: -watched) }
    }
  }

  func watchAgainLater(_ key: EntryKey, errno: Int32) {
    if unwatched.insert(key).inserted {
      complain("run \(key) cannot be watched: \(String(cString: pup_error_text(errno))); trying again each second")
    }
    sessionPollAt = min(sessionPollAt ?? .max, Clock.monotonic + Self.second)
  }

  /// It fails only for what was not watched.
  func unwatch(_ descriptor: Int32) { _ = pup_epoll_remove(epoll, descriptor) }
}
