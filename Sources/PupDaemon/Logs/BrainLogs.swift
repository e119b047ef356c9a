internal import PupAPI
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// Where everything goes that is logged: what programs write, by a pump on a thread of its own, and the brain's own lines.
/// Belongs to the control loop.
final class BrainLogs {
  private let loop: EventLoop
  private let environment: SystemConfigurationEnvironment
  /// To the keeper; until there is a pump.
  private var socket: Descriptor?
  private(set) var pump: LogPump?
  private var thread: LoopThread?
  private var console: ConsoleSink?
  private var link: LogLink?
  private let relay = PumpRelay()
  /// Lines written before there is a pump.
  private(set) var earlyLines: [LogEntry] = []
  /// Whether a process is supervised here.
  var isSupervised: (ProcessID) -> Bool = { _ in false }
  /// Nothing more will come out of this stream.
  var onDrained: (UInt64) -> Void = { _ in }
  /// A message of the keeper's was not understood.
  var onMisfit: (FormatError) -> Void = { _ in }
  /// Nothing passes to the keeper any more, though it has not ended.
  var onFailure: (SystemError) -> Void = { _ in }

  init(on loop: EventLoop, socket: Descriptor, _ environment: SystemConfigurationEnvironment) {
    (self.loop, self.socket, self.environment) = (loop, socket, environment)
  }

  /// The thread on which output is moved.
  var logLoop: EventLoop? { thread?.loop }

  private var me: LoopBound<BrainLogs> { LoopBound(self, to: loop) }

  // MARK: Lines

  /// - Parameters:
  ///   - id: a line about a process is stored with what it wrote; one that nobody supervises here has no log of its own.
  ///   - event: the kind of the event that says the same.
  func log(
    _ severity: LogSeverity, _ category: LogCategory, _ text: String, about id: ProcessID? = nil, event: EventName? = nil
  ) {
    var entry = LogEntry(severity, category.rawValue, text)
    if let id {
      if isSupervised(id) { entry.process = id.text } else { entry.text = "\(id): \(text)" }
      entry.followsOutput = category.isEnd
    }
    entry.tone = category.tone
    entry.event = (event ?? (category.isDecision ? .processFlagChanged : nil))?.rawValue
    self.write(entry)
  }

  func write(_ entry: LogEntry) {
    if let pump { pump.write(entry) } else if earlyLines.count < 1000 { earlyLines.append(entry) }
  }

  // MARK: Output

  /// - Parameter sinks: of the welcome.
  func start(_ instance: SupervisedInstance, sinks: Descriptor) throws {
    guard let socket else { return }
    self.socket = nil
    let configuration = instance.configuration
    let logLoop = try EventLoop(name: "pup-logs")
    let link = makeLink(socket, on: logLoop)
    self.link = link
    let hours = configuration.logger.internalLogHours
    var options = LogOptions(
      directory: hours > 0 ? instance.paths.logs : nil, core: Self.destination(configuration.logger.destination))
    options.foldersAbove = instance.paths.ownFolders
    options.processBytes = configuration.logger.maxBytes
    options.totalBytes = configuration.logger.totalMaxBytes
    options.maximumAgeHours = hours > 0 ? Int(hours.rounded(.up)) : nil
    let wantsColors = configuration.logger.destination.colors && environment.variables["NO_COLOR", default: ""].isEmpty
    let console = try ConsoleSink(colors: wantsColors && environment.variables["TERM"] != "dumb")
    self.console = console
    let pump = try LogPump(
      loop: logLoop, options: options, streams: instance.ledger, sinks: try SinkLedger(descriptor: sinks.number),
      console: console, consumer: link,
      onDrained: { [me, loop] key in loop.post { me { $0.onDrained(key) } } })
    self.pump = pump
    relay.pump = pump
    logLoop.post { link.start() }
    thread = try LoopThread(running: logLoop)
    // Lines about a process go where its own go, also before it has run.
    for process in configuration.processes { pump.setDestination(Self.destination(process.log), process: process.id.text) }
    for line in earlyLines { pump.write(line) }
    earlyLines = []
    schedulePurge(after: 60)
  }

  private func makeLink(_ socket: Descriptor, on logLoop: EventLoop) -> LogLink {
    LogLink(
      socket: socket, loop: logLoop, onConsumed: { [relay] replies in relay.pump?.consumed(replies) },
      onMisfit: { [me, loop] error in loop.post { me { $0.onMisfit(error) } } },
      onFailure: { [me, loop] error in loop.post { me { $0.onFailure(error) } } })
  }

  /// After a new keeper knows every stream: what was asked of the old one and not answered is asked again.
  func reconnect(_ socket: Descriptor) {
    guard let logLoop, let pump else { return }
    let link = makeLink(socket, on: logLoop)
    let old = self.link
    self.link = link
    logLoop.post {
      old?.shut()
      link.start()
      pump.reattach(consumer: link)
    }
  }

  private func schedulePurge(after seconds: Int64) {
    _ = loop.schedule(at: loop.now + seconds * 1_000_000_000) { [me] in
      me {
        $0.pump?.purge(now: LogTime(microseconds: Clock.wallMicroseconds))
        $0.schedulePurge(after: 15 * 60)
      }
    }
  }

  /// Shows what waits for the console.
  func finishConsole() { _ = console?.finish() }

  static func destination(_ configured: PupConfig.LogDestination) -> PupLogs.LogDestination {
    PupLogs.LogDestination(
      console: configured.console, stdoutFile: configured.stdout, stderrFile: configured.stderr, decorate: configured.decorate,
      decorateFiles: configured.decorateFiles, detectSeverity: configured.detectSeverity)
  }
}
