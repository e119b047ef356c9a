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

/// The composition root of the brain: feeds what happens to the core, saves what the core decided, performs its effects. Pinned to the control
/// loop; a kernel event, the core's step and its effects are one synchronous turn.
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

  /// A run as the keeper reported it at a take-over.
  struct FoundRun {
    var entry: InventoryEntry
    var output: Int32
    var error: Int32
  }

  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  let isStandby: Bool
  var phase = Phase.greeting
  var link: KeeperLink?
  var logSocket: Int32
  var logLink: LogLink?
  var keeperPid: Int32 = 0
  var keeperStartTime: UInt64 = 0
  var held: [Int32] = []
  /// Descriptors that the keeper holds for the brains to come, by name; this brain's own copies.
  package internal(set) var kept: [String: Int32] = [:]
  var welcome = KeeperMessage.Welcome()

  var instance: InstanceDescription?
  var paths: StoragePaths?
  var configuration: PupConfiguration?
  let environment: SystemConfigurationEnvironment
  var stateFile: StateFile?
  var ledger: StreamLedger?
  var freeRows: [UInt32] = []

  var logLoop: LoopThread?
  var pump: LogPump?
  var console: ConsoleSink?
  /// Lines written before there is a pump.
  var earlyLines: [LogEntry] = []

  var supervisor = Supervisor(definitions: [])
  var processes: [ProcessID: ManagedProcess] = [:]
  var idsBySlot: [Int: ProcessID] = [:]
  var freeSlots: [Int] = []
  var found: [EntryKey: FoundRun] = [:]
  /// Inputs that came up while effects were performed; they get their turn next.
  var waiting: [Input] = []
  var isHandling = false
  var timer: Timer?
  var armed = Deadlines()
  /// How often the keeper has told that a signal asks for the end.
  var terminateSignals = 0
  var savedDesired: UInt64 = 0
  var surface: ControlSurface?
  var started = WallTime(microseconds: 0)
  /// The configuration of each process as listings show it.
  var shown: [ProcessID: JSONObject] = [:]
  var telemetry: [ProcessID: ProcessTelemetry] = [:]
  var usage: [ProcessID: MeasuredUsage] = [:]
  var measuredAt: Int64 = .min / 2
  var machine = MachineState()
  let measurement: PatientMeasurement
  var waiters: [Int: Waiter] = [:]
  var nextWaiter = 0
  /// Log queries of clients that have not been answered.
  var openQueries = 0
  var accessSecond: Int64 = 0
  var accessCount = 0
  var watchThread: LoopThread?
  var answers: [UInt64: @Sendable (CommandAnswer) -> Void] = [:]
  var nextCommand: UInt64 = 1
  var observers: [@Sendable (Event) -> Void] = []
  var didRecordingFail = false
  var isGone = false
  /// Runs that a new keeper has not confirmed yet, and the log socket to it, which is not used before.
  var openAdoptions: Set<EntryKey> = []
  var freshLogSocket: Int32?
  var isHeaderSaved = false
  /// Keeper and brain of the last instance are gone; some of its programs may not be.
  var isNewInstance = false
  var armedBeat: Timer?
  /// The pump, for the log loop's thread.
  nonisolated let pumpBox = Mutex<LogPump?>(nil)

  package init(loop: EventLoop, control: Int32, logs: Int32, standby: Bool, variables: [String: String]) {
    self.loop = loop
    measurement = PatientMeasurement(on: loop)
    isStandby = standby
    logSocket = logs
    environment = SystemConfigurationEnvironment(variables: variables)
    Self.connect(self, control)
  }

  /// The link's callbacks come on the loop's thread, where this actor is at home.
  private nonisolated static func connect(_ daemon: Daemon, _ control: Int32) {
    daemon.loop.post { daemon.assumeIsolated { $0.open(control) } }
  }

  func open(_ control: Int32) {
    let link = KeeperLink(
      socket: control, loop: loop,
      onMessage: { [weak self] message, descriptors in self?.assumeIsolated { $0.heard(message, descriptors) } },
      onEnd: { [weak self] in self?.assumeIsolated { $0.keeperEnded() } })
    self.link = link
    do {
      try link.start { [weak self] readiness in self?.assumeIsolated { $0.link?.serve(readiness) } }
    } catch {
      fatal("\(error)")
    }
    link.send(.hello(protocolVersion: BrainMessage.version, build: PupVersion.text, standby: isStandby && welcome.keeperPid == 0))
    if armedBeat == nil { beat() }
  }

  nonisolated var pumpForReplies: LogPump? { pumpBox.withLock { $0 } }

  /// What the keeper takes for life: it comes from the loop that supervises, so a hung loop is silent.
  private func beat() {
    link?.send(.beat)
    tickSurface()
    armedBeat = loop.schedule(at: Clock.boot + 1_000_000_000) { [weak self] in self?.assumeIsolated { $0.beat() } }
  }

  var now: Moment {
    Moment(boot: Instant(nanoseconds: Clock.boot), wall: WallTime(microseconds: Clock.wallMicroseconds))
  }

  // MARK: The core

  func feed(_ input: Input) {
    waiting.append(input)
    guard !isHandling else { return }
    isHandling = true
    while !waiting.isEmpty {
      let next = waiting.removeFirst()
      step(next)
    }
    isHandling = false
    armDeadlines()
    saveDesiredStates()
  }

  private func step(_ input: Input) {
    let effects = supervisor.handle(input, at: now)
    // A run's rows are part of what is saved before the keeper is asked to start it.
    for case .spawn(let key, _) in effects { prepareRun(key) }
    for record in supervisor.takeChanged() { save(record) }
    for id in supervisor.takeRemoved() { removeProcess(id) }
    // Only now the file is the truth: a brain that takes over must not believe a header that is ahead of the records, or behind a spawn.
    if !isHeaderSaved { saveHeader() }
    for effect in effects { perform(effect) }
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
    _ action: Command.Action, _ target: Command.Target, actor: PupCore.Actor, answer: @escaping @Sendable (CommandAnswer) -> Void
  ) {
    loop.post {
      self.assumeIsolated { daemon in
        guard case .supervising = daemon.phase else {
          return answer(.refused("Pup is starting or stopping; try again in a moment"))
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

  func log(_ severity: LogSeverity, _ category: String, _ text: String) {
    let entry = LogEntry(severity, category, text)
    if let pump { pump.write(entry) } else if earlyLines.count < 1000 { earlyLines.append(entry) }
  }

  /// For what makes this brain useless: the keeper starts another one, and the programs do not notice.
  func fatal(_ message: String) -> Never {
    let line = "pup-supervisor: \(message)\n"
    _ = write(2, line, line.utf8.count)
    exit(70)
  }
}
