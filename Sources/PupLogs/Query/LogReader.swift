/// Answers queries from the files of a log store alone, whether or not a supervisor is writing to them.
package struct LogReader: Sendable {
  private let directory: String
  private let memory: Int

  /// - Parameters:
  ///   - directory: `<data>/logs`.
  ///   - memory: at most this many bytes of lines are kept by `read`.
  package init(directory: String, memory: Int = 64 << 20) {
    self.directory = directory
    self.memory = memory
  }

  package func snapshot(_ query: LogQuery = LogQuery()) -> LogSnapshot { LogSnapshot(directory: directory, query: query) }

  /// Calls `each` with every line that matches, oldest first, until it returns false. Damaged lines are skipped. Takes as long as
  /// necessary, and a fixed amount of memory.
  /// - Parameter snapshot: reads up to its moment; nil is now.
  package func read(_ query: LogQuery, in snapshot: LogSnapshot? = nil, each: (LogLine) -> Bool) {
    let snapshot = snapshot ?? self.snapshot(query)
    guard let last = query.last else { return readAll(query, snapshot, each) }
    let newest = newest(last, query, snapshot, ReadBudget(bytes: memory))
    if newest.limit == nil {
      for line in newest.lines where !each(line) { return }
    } else {
      readNewest(last, query, snapshot, each)
    }
  }

  /// All lines that match, in memory.
  package func lines(_ query: LogQuery) -> [LogLine] {
    var lines: [LogLine] = []
    read(query) { line in
      lines.append(line)
      return true
    }
    return lines
  }

  /// The newest `query.last` lines that match, as far as the budget allows. Where the budget ended, the first lines may lack
  /// their beginnings.
  package func excerpt(_ query: LogQuery, within budget: ReadBudget) -> LogExcerpt {
    newest(query.last ?? .max, query, snapshot(query), budget)
  }

  private func readAll(_ query: LogQuery, _ snapshot: LogSnapshot, _ each: (LogLine) -> Bool) {
    var merge = SegmentMerge(snapshot, query, .forward)
    var maker = LineMaker()
    var joiner = PieceJoiner()
    while let (stored, segment) = merge.next() {
      guard query.includes(stored.severity) else { continue }
      for line in joiner.add(maker.line(stored, process: segment.process)) where !each(line) { return }
    }
    for line in joiner.finish() where !each(line) { return }
  }

  // MARK: - The newest

  private func newest(_ count: Int, _ query: LogQuery, _ snapshot: LogSnapshot, _ budget: ReadBudget) -> LogExcerpt {
    guard count > 0 else { return LogExcerpt(lines: []) }
    var collector = BackwardCollector(wanted: count, bytes: budget.bytes)
    let reached = readBackward(query, snapshot, budget) { line in
      collector.add(line)
      return !collector.isComplete && !collector.isFull
    }
    let limit: LogExcerpt.Limit? = collector.isComplete ? nil : collector.isFull ? .bytes : budget.isOver ? .time : nil
    return LogExcerpt(lines: collector.finish(), limit: limit, reached: reached)
  }

  /// The newest lines, if there are too many to keep: finds where they begin, counts the lines from there on, and returns the
  /// last ones.
  private func readNewest(_ count: Int, _ query: LogQuery, _ snapshot: LogSnapshot, _ each: (LogLine) -> Bool) {
    var counter = BackwardCounter(wanted: count)
    let first = readBackward(query, snapshot, ReadBudget()) { line in
      counter.add(line)
      return !counter.isComplete
    }
    var forward = query
    forward.last = nil
    if let first { forward.start = first }
    var total = 0
    readAll(forward, snapshot) { _ in
      total += 1
      return true
    }
    // What is purged in the meantime are the oldest lines; they are missing.
    var skipped = total - count
    readAll(forward, snapshot) { line in
      skipped -= 1
      return skipped >= 0 || each(line)
    }
  }

  /// Passes the pieces that match to `each`, newest first, until it returns false. Returns the moment of the last line examined.
  private func readBackward(
    _ query: LogQuery, _ snapshot: LogSnapshot, _ budget: ReadBudget, _ each: (LogLine) -> Bool
  ) -> LogTime? {
    var merge = SegmentMerge(snapshot, query, .backward, budget)
    var maker = LineMaker()
    var reached: LogTime?
    while let (stored, segment) = merge.next() {
      reached = stored.time
      // The filter comes before the count: "the last 100 errors", not "the errors among the last 100".
      guard query.includes(stored.severity) else { continue }
      if !each(maker.line(stored, process: segment.process)) { break }
    }
    return reached
  }
}
