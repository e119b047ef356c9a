internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupAPI
internal import PupConfig
package import PupCore
internal import PupInstance
internal import PupLogs
package import PupSystem
internal import Synchronization

/// The composition root of the brain: feeds what happens to the core, saves what the core decided, performs its effects. Pinned
/// to the control loop; a kernel event, the core's step and its effects are one synchronous turn.
///
/// It is longer than a type of this project should be, and has more properties: the turn, the conversation with one keeper after
/// the other and the end of a brain share one state, and none of them may see it half changed. What decides by itself, remembers
/// or only asks has been taken out: `TakeOverPlan`, `RunTable`, `Recorder`, `KeeperRenewal`, the types in `API/Asking`.
package actor Daemon {
  /// What the brain is waiting for.
  enum Phase {
    /// The keeper's welcome.
    case greeting
    /// The keeper's list of runs.
    case inventory
    /// The keeper's word on runs that an earlier keeper started.
    case adopting(Set<EntryKey>)
    case supervising
    /// Everything has stopped; the last output is on its way to the logs.
    case leaving
  }

  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  let isStandby: Bool
  let surroundings: BrainSurroundings
  var phase = Phase.greeting
  var link: KeeperLink?
  var logSocket: Descriptor
  var logLink: LogLink?
  var keeperPid: Int32 = 0
  var keeperStartTime: UInt64 = 0
  var held: [Descriptor] = []
  /// Descriptors that the keeper holds for the brains to come, by name; this brain's own copies.
  package internal(set) var kept: [String: Descriptor] = [:]
  var welcome = KeeperMessage.Welcome()

  var instance: InstanceDescription?
  var paths: StoragePaths?
  var configuration: PupConfiguration?
  let environment: SystemConfigurationEnvironment
  var stateFile: StateFile?
  var recorder = Recorder(nil)
  var ledger: StreamLedger?

  var logLoop: LoopThread?
  var pump: LogPump?
  var console: ConsoleSink?
  /// Lines written before there is a pump.
  var earlyLines: [LogEntry] = []

  var supervisor = Supervisor(definitions: [])
  var runs = RunTable()
  var found: [EntryKey: FoundRun] = [:]
  /// What the state file said, until this brain begins.
  var remembered: TakeOverFacts?
  /// Inputs that came up while effects were performed; they get their turn next.
  var nextInputs: [Input] = []
  var isHandling = false
  var timer: Timer?
  var armed = Deadlines()
  /// How often the keeper has told that a signal asks for the end.
  var terminateSignals = 0
  /// Since when this brain supervises (µs since 1970).
  var readyAt: Int64?
  var isReady: Bool { readyAt != nil }
  var savedDesired: UInt64 = 0
  var surface: ControlSurface?
  /// Of the configuration.
  var home: HomeFolder?
  var started = WallTime(microseconds: 0)
  let shownConfigurations = ShownConfigurations()
  var telemetry: [ProcessID: ProcessTelemetry] = [:]
  let measurements: ProcessMeasurements
  /// What may have to wait for a file system, for the control loop, which may not.
  nonisolated let pool = HelperPool()
  let planner: CommandPlanner
  let pidFiles: PidFiles
  let waiting: WaitingClients
  /// Log queries of clients that have not been answered.
  var openQueries = 0
  var accessLog = AccessLines()
  var watchThread: LoopThread?
  var answers: [UInt64: @Sendable (CommandAnswer) -> Void] = [:]
  var nextCommand: UInt64 = 1
  var isGone = false
  /// What the end of this brain waits for; nil before it, and once nothing is waited for.
  var lastWork: LastWork?
  /// Runs that a new keeper has not confirmed yet, and the log socket to it, which is not used before.
  var openAdoptions: Set<EntryKey> = []
  var freshLogSocket: Descriptor?
  var renewal = KeeperRenewal()
  /// Where a keeper that was started says why it could not be executed.
  var keeperReport: Descriptor?
  var armedBeat: Timer?
  package var loopWatch = LoopWatch()
  var linkCounters = KeeperLinkCounters()
  /// The files by which the instance is found are being looked at.
  var isLooking = false
  /// Pup has made the temporary folder.
  var isTemporaryOurs = false
  /// What has left the trees of programs; of those alone that something has left.
  var strays: [ProcessID: StrayBook] = [:]
  /// What was reported of the files of this instance, and of the keeper, and still is so.
  var fileProblems: [String] = []
  var keeperHold: String?
  /// Pages of the shared files that this process had to replace.
  var replacedPages: Int32 = 0
  /// The pump, for the log loop's thread.
  nonisolated let pumpBox = Mutex<LogPump?>(nil)

  package init(loop: EventLoop, control: Int32, logs: Int32, standby: Bool, variables: [String: String]) {
    self.init(
      loop: loop, control: control, logs: logs, standby: standby, variables: variables, surroundings: BrainSurroundings())
  }

  init(
    loop: EventLoop, control: Int32, logs: Int32, standby: Bool, variables: [String: String], surroundings: BrainSurroundings
  ) {
    self.loop = loop
    self.surroundings = surroundings
    measurements = ProcessMeasurements(on: loop)
    waiting = WaitingClients(on: loop)
    planner = CommandPlanner(on: loop, pool: pool)
    pidFiles = PidFiles(on: loop, pool: pool)
    isStandby = standby
    logSocket = Descriptor(logs)
    environment = SystemConfigurationEnvironment(variables: variables)
    waiting.explain = { [weak self] open in self?.assumeIsolated { $0.whyUnderWay(open) } ?? [] }
    pidFiles.report = { [weak self] id, problem in self?.assumeIsolated { $0.log(.warn, .pidfile, problem, about: id) } }
    Self.connect(self, Descriptor(control))
  }

  /// The link's callbacks come on the loop's thread, where this actor is at home.
  private nonisolated static func connect(_ daemon: Daemon, _ control: Descriptor) {
    daemon.loop.post { daemon.assumeIsolated { $0.open(control) } }
  }

  func open(_ control: Descriptor) {
    let link = KeeperLink(
      socket: control, loop: loop,
      onMessage: { [weak self] message, descriptors in self?.assumeIsolated { $0.heard(message, descriptors) } },
      onMisfit: { [weak self] error, count in self?.assumeIsolated { $0.misread(error, count) } },
      onLoss: { [weak self] loss in self?.assumeIsolated { $0.lost(loss) } },
      onEnd: { [weak self] in self?.assumeIsolated { $0.keeperEnded() } })
    self.link = link
    do {
      try link.start { [weak self] readiness in self?.assumeIsolated { $0.link?.serve(readiness) } }
    } catch {
      fatal("\(error)")
    }
    link.send(.hello(Hello(build: PupVersion.text, standby: isStandby && welcome.keeperPid == 0)))
    if armedBeat == nil { beat() }
  }

  nonisolated var pumpForReplies: LogPump? { pumpBox.withLock { $0 } }

  /// What the keeper takes for life: it comes from the loop that supervises, so a hung loop is silent. The other loops are looked
  /// at here.
  private func beat() {
    link?.send(.beat)
    lookAfterLoops()
    tickSurface()
    lookAfterFiles()
    armedBeat = loop.schedule(at: loop.now + 1_000_000_000) { [weak self] in self?.assumeIsolated { $0.beat() } }
  }

  var now: Moment {
    Moment(boot: Instant(nanoseconds: loop.now), wall: WallTime(microseconds: Clock.wallMicroseconds))
  }

  // MARK: The core

  func feed(_ input: Input) {
    nextInputs.append(input)
    guard !isHandling else { return }
    isHandling = true
    while !nextInputs.isEmpty {
      let next = nextInputs.removeFirst()
      step(next)
    }
    isHandling = false
    armDeadlines()
    saveDesiredStates()
  }

  private func step(_ input: Input) {
    let effects = supervisor.handle(input, at: now)
    // A run's rows are part of what is saved before the keeper is asked to start it.
    for case .spawn(let key, _) in effects { runs.open(key) }
    let (changed, removed) = (supervisor.takeChanged(), supervisor.takeRemoved())
    for record in changed { save(record) }
    for id in removed { removeProcess(id) }
    // Only now the file is the truth: a brain that takes over must not believe a header that is ahead of the records, or behind a
    // spawn.
    recorder.saveHeaderIfChanged { header }
    for effect in effects { perform(effect) }
    waiting.settle(changed.map(\.id) + removed) { supervisor.outlook(of: $0) }
  }

  private func armDeadlines() {
    let next = supervisor.nextDeadline
    if next.boot != armed.boot {
      if let timer { loop.cancel(timer) }
      timer = next.boot.map { deadline in
        loop.schedule(at: deadline.nanoseconds) { [weak self] in
          self?.assumeIsolated {
            $0.armed.boot = nil
            $0.feed(.deadlineReached)
          }
        }
      }
    }
    if next.wall != armed.wall { loop.setWallDeadline(next.wall?.microseconds) }
    armed = next
  }

  func watchWallClock() {
    loop.onWallClock { [weak self] wasSet in
      self?.assumeIsolated {
        $0.armed.wall = nil
        $0.feed(wasSet ? .wallClockChanged : .deadlineReached)
      }
    }
    armed.wall = nil
  }

  // MARK: Commands

  /// Carries out a command; the answer comes on the control loop.
  package nonisolated func submit(
    _ action: Command.Action, _ target: Command.Target, actor: Cause, answer: @escaping @Sendable (CommandAnswer) -> Void
  ) {
    loop.post {
      self.assumeIsolated { daemon in
        guard case .supervising = daemon.phase else {
          return answer(.refused(.notSupervising))
        }
        let number = daemon.nextCommand
        daemon.nextCommand += 1
        daemon.answers[number] = answer
        daemon.feed(.command(Command(number: number, action: action, target: target, actor: actor)))
      }
    }
  }

  /// All processes, as they are now.
  package nonisolated func statuses(_ receive: @escaping @Sendable ([ProcessStatus]) -> Void) {
    loop.post { self.assumeIsolated { receive($0.supervisor.statuses) } }
  }

  // MARK: Lines

  /// - Parameters:
  ///   - id: a line about a process is stored with what it wrote; one that nobody supervises here has no log of its own.
  ///   - event: the kind of the event that says the same.
  func log(
    _ severity: LogSeverity, _ category: LogCategory, _ text: String, about id: ProcessID? = nil, event: EventName? = nil
  ) {
    var entry = LogEntry(severity, category.rawValue, text)
    entry.tone = category.tone
    entry.event = (event ?? (category.isDecision ? .processFlagChanged : nil))?.rawValue
    if let id {
      if runs[id] == nil { entry.text = "\(id): \(text)" } else { entry.process = id.text }
      entry.followsOutput = category.isEnd
    }
    self.write(entry)
  }

  func write(_ entry: LogEntry) {
    if let pump { pump.write(entry) } else if earlyLines.count < 1000 { earlyLines.append(entry) }
  }
}
