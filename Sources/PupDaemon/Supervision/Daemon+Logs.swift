internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem
internal import Synchronization

extension Daemon {
  func makeLogLink(_ socket: Descriptor, on logLoop: EventLoop) -> LogLink {
    LogLink(
      socket: socket, loop: logLoop, onConsumed: { [weak self] replies in self?.pumpForReplies?.consumed(replies) },
      onMisfit: { [weak self, loop] error in
        loop.post { [weak self] in self?.assumeIsolated { $0.misunderstood("a log message", error) } }
      },
      onFailure: { [weak self, loop] error in
        // No line would leave its pipe any more. What is in the pipes waits there for the next supervisor.
        loop.post { [weak self] in self?.assumeIsolated { $0.fatal("the log socket to the keeper: \(error)") } }
      })
  }

  func startLogs(_ ledger: StreamLedger, sinks: Int32) throws {
    guard let configuration, let paths else { return }
    let logLoop = try EventLoop(name: "pup-logs")
    let link = makeLogLink(logSocket, on: logLoop)
    logLink = link
    let hours = configuration.logger.internalLogHours
    var options = LogOptions(
      directory: hours > 0 ? paths.logs : nil, core: Self.destination(configuration.logger.destination))
    options.foldersAbove = paths.ownFolders
    options.processBytes = configuration.logger.maxBytes
    options.totalBytes = configuration.logger.totalMaxBytes
    options.maximumAgeHours = hours > 0 ? Int(hours.rounded(.up)) : nil
    let wantsColors = configuration.logger.destination.colors && environment.variables["NO_COLOR", default: ""].isEmpty
    let console = try ConsoleSink(colors: wantsColors && environment.variables["TERM"] != "dumb")
    self.console = console
    let pump = try LogPump(
      loop: logLoop, options: options, streams: ledger, sinks: try SinkLedger(descriptor: sinks),
      console: console, consumer: link,
      onDrained: { [weak self, loop] key in
        loop.post { [weak self] in self?.assumeIsolated { $0.drained(key) } }
      })
    self.pump = pump
    pumpBox.withLock { $0 = pump }
    logLoop.post { link.start() }
    self.logLoop = try LoopThread(running: logLoop)
    // Lines about a process go where its own go, also before it has run.
    for process in configuration.processes { pump.setDestination(Self.destination(process.log), process: process.id.text) }
    for line in earlyLines { pump.write(line) }
    earlyLines = []
    schedulePurge(after: 60)
  }

  private func schedulePurge(after seconds: Int64) {
    _ = loop.schedule(at: loop.now + seconds * 1_000_000_000) { [weak self] in
      self?.assumeIsolated {
        $0.pump?.purge(now: LogTime(microseconds: Clock.wallMicroseconds))
        $0.schedulePurge(after: 15 * 60)
      }
    }
  }

  func logDestination(of id: ProcessID) -> PupLogs.LogDestination {
    guard let configuration else { return PupLogs.LogDestination() }
    return Self.destination(runs[id]?.configuration?.log ?? configuration.logger.destination)
  }

  static func destination(_ configured: PupConfig.LogDestination) -> PupLogs.LogDestination {
    PupLogs.LogDestination(
      console: configured.console, stdoutFile: configured.stdout, stderrFile: configured.stderr, decorate: configured.decorate,
      decorateFiles: configured.decorateFiles, detectSeverity: configured.detectSeverity)
  }
}
