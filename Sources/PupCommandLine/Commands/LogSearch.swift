internal import PupLogs

/// Lines of the log that also fit a pattern, the newest of them where a number is given. The pattern is matched with whole lines,
/// after their pieces were joined.
struct LogSearch {
  let reader: LogReader
  let query: LogQuery
  let snapshot: LogSnapshot
  let pattern: LogPattern?

  /// Most patterns are found often enough among so many lines; else everything is read.
  private static let firstLook = 20_000

  func read(each: (LogLine) -> Bool) {
    guard let pattern else { return reader.read(query, in: snapshot, each: each) }
    var all = query
    all.last = nil
    guard let wanted = query.last else { return matching(all, pattern, each) }
    if wanted <= Self.firstLook, let lines = newest(wanted, pattern) {
      for line in lines where !each(line) { return }
      return
    }
    // In two passes instead of in memory.
    var count = 0
    matching(all, pattern) { _ in
      count += 1
      return true
    }
    matching(all, pattern) { line in
      count -= 1
      return count >= wanted || each(line)
    }
  }

  private func matching(_ query: LogQuery, _ pattern: LogPattern, _ each: (LogLine) -> Bool) {
    reader.read(query, in: snapshot) { line in !pattern.matches(line.text) || each(line) }
  }

  /// Nil where older lines have to be looked at as well.
  private func newest(_ wanted: Int, _ pattern: LogPattern) -> [LogLine]? {
    var recent = query
    recent.last = Self.firstLook
    var (looked, found) = (0, [LogLine]())
    reader.read(recent, in: snapshot) { line in
      looked += 1
      if pattern.matches(line.text) { found.append(line) }
      return true
    }
    return found.count >= wanted || looked < Self.firstLook ? found.suffix(wanted) : nil
  }
}
