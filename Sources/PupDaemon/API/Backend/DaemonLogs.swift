internal import PupAPI
internal import PupCore
internal import PupLogs
internal import PupSystem
internal import PupWeb

struct DaemonLogs: LogBackend {
  /// Nanoseconds after which a log query answers with what it has found: before clients give up, ours after 3 s. Where it had to
  /// wait for others it may read for a moment in any case; the last of eight ends after 4 s.
  private static let queryTime: Int64 = 2_000_000_000
  private static let leastQueryTime: Int64 = 250_000_000
  /// Text of the lines of one answer; six times as much where every byte is escaped, which our client still takes.
  private static let queryBytes = 4 << 20

  let daemon: Daemon
  let directory: String
  private let places = QueryPlaces()

  init(daemon: Daemon, directory: String) { (self.daemon, self.directory) = (daemon, directory) }

  func query(
    _ query: APILogQuery, for client: ClientPresence, answer: @escaping @Sendable (Result<APILogPage, PupError>) -> Void
  ) {
    let due = Clock.monotonic + Self.queryTime
    daemon.ask { brain in
      if query.isKnownProcess, let id = query.processId, id.lowercased() != LogEntry.core,
        brain.supervision.core.state(of: ProcessID(id)) == nil
      {
        return answer(.failure(brain.clients.unknownProcess(id)))
      }
      guard let surface = brain.interface.surface, places.take() else {
        return answer(.failure(PupError(.unavailable, "too many log queries at once; try again in a moment")))
      }
      surface.queries.loop.post { [self] in
        let budget = ReadBudget(
          deadline: max(due, Clock.monotonic + Self.leastQueryTime), bytes: Self.queryBytes, isWanted: { client.isThere })
        answer(.success(APILogPage(LogReader(directory: directory).excerpt(LogQuery(query), within: budget), before: query.end)))
        places.giveBack()
      }
    }
  }

  func write(_ submission: LogSubmission) {
    let entry = LogEntry(submission.severity.logSeverity, submission.category, submission.message)
    daemon.ask { $0.logs.write(entry) }
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
      case nil: excerpt.lines.contains { $0.wholeLength != nil } ? .line : nil
      }
    // Rounded up: the rest of that millisecond is not lost. Where one millisecond is more than an answer holds, its rest is:
    // whoever goes on gets ahead with every query.
    let last = end.map { $0.milliseconds - 1 } ?? .max
    self.init(
      lines: excerpt.lines.map(LogItem.init(_:)), limit: limit,
      nextEnd: excerpt.reached.map { min(($0.microseconds + 999) / 1000, last) })
  }
}
