/// Answers queries from the files of a log store alone, whether or not a supervisor is writing to them.
package struct LogReader: Sendable {
  private let directory: String

  /// - Parameter directory: `<data>/logs`.
  package init(directory: String) { self.directory = directory }

  package func snapshot(_ query: LogQuery = LogQuery()) -> LogSnapshot { LogSnapshot(directory: directory, query: query) }

  /// Calls `each` with every line that matches, oldest first, until it answers false. Damaged lines are passed over.
  /// - Parameter snapshot: reads up to its moment; nil is now.
  package func read(_ query: LogQuery, in snapshot: LogSnapshot? = nil, each: (LogLine) -> Bool) {
    let snapshot = snapshot ?? self.snapshot(query)
    if let last = query.last {
      for line in newest(last, query, snapshot) where !each(line) { return }
    } else {
      readAll(query, snapshot, each)
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

  private func readAll(_ query: LogQuery, _ snapshot: LogSnapshot, _ each: (LogLine) -> Bool) {
    var merge = SegmentMerge(snapshot, query, .forward)
    var maker = LineMaker()
    var joiner = PieceJoiner()
    while let (stored, segment) = merge.next() {
      if let severity = query.severity, stored.severity != severity { continue }
      for line in joiner.add(maker.line(stored, process: segment.process)) where !each(line) { return }
    }
    for line in joiner.finish() where !each(line) { return }
  }

  private func newest(_ count: Int, _ query: LogQuery, _ snapshot: LogSnapshot) -> [LogLine] {
    guard count > 0 else { return [] }
    var merge = SegmentMerge(snapshot, query, .backward)
    var maker = LineMaker()
    var collector = BackwardCollector(wanted: count)
    // The filter comes before the count: "the last 100 errors", not "the errors among the last 100".
    while !collector.isComplete, let (stored, segment) = merge.next() {
      if let severity = query.severity, stored.severity != severity { continue }
      collector.add(maker.line(stored, process: segment.process))
    }
    return collector.finish()
  }
}
