internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupStore
internal import PupSystem
internal import PupWeb

/// The interface's view of the brain. Calls come on the web loop; each is a job for the loop that has the answer.
struct DaemonBackend: APIBackend {
  /// Log queries that may wait for their thread.
  private static let mostQueries = 8
  /// Nanoseconds after which a log query answers with what it has found: before clients give up, ours after 3 s. Where it had to wait for
  /// others it may read for a moment in any case; the last of eight ends after 4 s.
  private static let queryTime: Int64 = 2_000_000_000
  private static let leastQueryTime: Int64 = 250_000_000
  /// Text of the lines of one answer; six times as much where every byte is escaped, which our client still takes.
  private static let queryBytes = 4 << 20

  let daemon: Daemon
  let surface: ControlSurface

  func onControl(_ body: @escaping @Sendable (isolated Daemon) -> Void) {
    daemon.loop.post { [daemon] in daemon.assumeIsolated { body($0) } }
  }

  func processes(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void) {
    onControl { daemon in
      daemon.withFreshUsage { [weak daemon] in daemon?.assumeIsolated { answer($0.entries()) } }
    }
  }

  func state(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    onControl { $0.applicationState(answer) }
  }

  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void
  ) {
    onControl { daemon in
      let target: Command.Target =
        switch target {
        case .all: .all
        case .process(let id): .one(ProcessID(id))
        }
      daemon.act(action, on: target, by: consumer, wait: wait, answer)
    }
  }

  func terminate(by consumer: String) { onControl { $0.terminate(by: .consumer(consumer)) } }

  func reload(by consumer: String, answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void) {
    answer(
      .failure(
        PupError(.notImplemented, "the configuration is read at 'pup run' only in this version; nothing was changed")))
  }

  func readiness(_ answer: @escaping @Sendable (PupError?) -> Void) {
    onControl { daemon in
      let isReady = daemon.phaseWord == "running"
      answer(isReady ? nil : PupError(.unavailable, "Pup is \(daemon.phaseWord)"))
    }
  }

  func accessed(_ record: AccessRecord) {
    // What only reads and succeeds is counted, not told: somebody polls each second.
    guard record.status >= 400 || record.method != "GET" && record.method != "HEAD" else { return }
    // The operator's own commands stand in the log already, with what came of them.
    guard record.status >= 400 || !record.isLocal || record.consumer?.hasPrefix("cli") != true else { return }
    onControl { $0.logAccess(record) }
  }

  // MARK: Messages

  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void) {
    onControl { daemon in
      let id = ProcessID(telemetry.sender)
      guard daemon.supervisor.state(of: id) != nil else {
        return answer(daemon.unknownProcess(telemetry.sender))
      }
      daemon.telemetry[id] = telemetry
      daemon.surface?.publish(.processTelemetry(telemetry), of: id)
      answer(nil)
    }
  }

  func send(_ message: IPCMessage) { onControl { $0.surface?.publish(.ipc(message)) } }

  func log(_ submission: LogSubmission) {
    onControl { $0.log(submission.severity.logSeverity, "api-\(submission.plugin)", submission.message) }
  }

  // MARK: The past

  func logs(
    _ query: APILogQuery, for client: ClientPresence, answer: @escaping @Sendable (Result<APILogPage, PupError>) -> Void
  ) {
    let directory = surface.paths.logs
    let due = Clock.monotonic + Self.queryTime
    onControl { daemon in
      if let id = query.processId, id.lowercased() != LogEntry.core, daemon.supervisor.state(of: ProcessID(id)) == nil {
        return answer(.failure(daemon.unknownProcess(id)))
      }
      guard daemon.openQueries < Self.mostQueries, let surface = daemon.surface else {
        return answer(.failure(PupError(.unavailable, "too many log queries at once; try again in a moment")))
      }
      daemon.openQueries += 1
      surface.queries.loop.post { [onControl] in
        let budget = ReadBudget(
          deadline: max(due, Clock.monotonic + Self.leastQueryTime), bytes: Self.queryBytes, isWanted: { client.isThere })
        answer(.success(APILogPage(LogReader(directory: directory).excerpt(LogQuery(query), within: budget), before: query.end)))
        onControl { $0.openQueries -= 1 }
      }
    }
  }

  func history(of id: String, count: Int, answer: @escaping @Sendable (Result<[HistoryEntry], PupError>) -> Void) {
    onControl { daemon in
      guard daemon.supervisor.state(of: ProcessID(id)) != nil else {
        return answer(.failure(daemon.unknownProcess(id)))
      }
      guard let store = daemon.surface?.store else {
        return answer(.failure(PupError(.unavailable, "the database could not be opened; Pup's log says why")))
      }
      store.history(of: ProcessID(id), limit: count) { result in
        answer(
          result.map { $0.reversed().map { HistoryEntry($0.transition) } }.mapError { PupError(.unavailable, "\($0)") })
      }
    }
  }

  // MARK: Tokens

  func createToken(_ request: TokenRequest, answer: @escaping @Sendable (Result<TokenCreated, PupError>) -> Void) {
    onControl { [surface] _ in surface.create(request, answer) }
  }

  func tokens(_ answer: @escaping @Sendable (Result<[TokenInfo], PupError>) -> Void) {
    onControl { [surface] _ in surface.list(answer) }
  }

  func revoke(_ revocation: TokenRevocation, answer: @escaping @Sendable (PupError?) -> Void) {
    onControl { [surface] _ in surface.revoke(revocation, answer) }
  }

  func reinstate(consumer: String, answer: @escaping @Sendable (PupError?) -> Void) {
    onControl { [surface] _ in surface.reinstate(consumer, answer) }
  }

  func rotateSecret(by consumer: String, answer: @escaping @Sendable (Result<SecretRotated, PupError>) -> Void) {
    let loop = daemon.loop
    onControl { [surface] _ in surface.rotate(by: consumer, onControl: { loop.post($0) }, answer) }
  }

  func metrics(_ answer: @escaping @Sendable (String) -> Void) {
    onControl { daemon in
      daemon.withFreshUsage { [weak daemon] in daemon?.assumeIsolated { answer($0.metricsText()) } }
    }
  }
}

extension LogQuery {
  init(_ query: APILogQuery) {
    self.init(
      processes: query.processId.map { [$0] }, start: query.start.map { LogTime(microseconds: $0.microseconds) },
      end: query.end.map { LogTime(microseconds: $0.microseconds) }, severity: query.severity?.logSeverity, last: query.count)
  }
}

extension APILogPage {
  /// - Parameter end: of the query.
  init(_ excerpt: LogExcerpt, before end: ISODate?) {
    let limit: Limit? =
      switch excerpt.limit {
      case .time: .time
      case .bytes: .bytes
      case nil: nil
      }
    // Rounded up: the rest of that millisecond is not lost. Where one millisecond is more than an answer holds, its rest is: whoever goes on
    // gets ahead with every query.
    let last = end.map { $0.milliseconds - 1 } ?? .max
    self.init(
      lines: excerpt.lines.map(LogItem.init(_:)), limit: limit,
      nextEnd: excerpt.reached.map { min(($0.microseconds + 999) / 1000, last) })
  }
}

extension HistoryEntry {
  init(_ transition: Transition) {
    self.init(
      time: ISODate(transition.time), processId: transition.process.text, old: transition.old.map { APIProcessState($0) },
      new: APIProcessState(transition.new), actor: transition.actor.words, cause: transition.reason)
    pid = transition.pid
    switch transition.exit {
    case .exited(let code): self.code = code
    case .signaled(let number, _): signal = SignalName.of(number)
    case .unknown, nil: break
    }
    outOfMemory = transition.ranOutOfMemory
    restarts = transition.restarts
    userSeconds = transition.usage.map { Double($0.userMicroseconds) / 1_000_000 }
    systemSeconds = transition.usage.map { Double($0.systemMicroseconds) / 1_000_000 }
    peakMemory = transition.usage?.peakBytes
  }
}
