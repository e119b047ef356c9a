/// The rules of one time zone: a table of past changes, and a rule for the years after it.
package struct TimeZoneRules: Hashable, Sendable {
  /// From `at` on, local time is UTC plus `offset`. Both in seconds.
  struct Change: Hashable, Sendable {
    var at: Int
    var offset: Int
  }

  /// For people: "Europe/Berlin".
  package let name: String
  let initialOffset: Int
  /// Strictly ascending.
  let changes: [Change]
  /// In force after the last change.
  let rule: PosixZoneRule?

  package static let utc = TimeZoneRules(name: "UTC", initialOffset: 0, changes: [], rule: nil)

  /// The maximum offset of local time from UTC, with room to spare (RFC 9636: −25 h … +26 h).
  static let widestOffset = 26 * 3600

  /// Seconds to add to UTC.
  package func offset(at utc: Int) -> Int {
    if let rule, utc >= changes.last?.at ?? .min { return rule.offset(at: utc) }
    let following = firstChange(after: utc)
    return following == 0 ? initialOffset : changes[following - 1].offset
  }

  /// The next instant at which the offset changes.
  package func nextChange(after utc: Int) -> Int? {
    var index = firstChange(after: utc)
    while index < changes.count {
      let before = index == 0 ? initialOffset : changes[index - 1].offset
      if changes[index].offset != before { return changes[index].at }
      index += 1
    }
    return rule?.nextChange(after: max(utc, changes.last?.at ?? .min))
  }

  /// What a local time (seconds since 1970-01-01 00:00 on the local clock) means.
  package func resolve(local: Int) -> LocalResolution {
    var start = local - Self.widestOffset
    var offset = offset(at: start)
    var reached = Int.min
    var first: Int?
    var gapEnds: Int?
    while true {
      let end = nextChange(after: start) ?? .max
      let candidate = local - offset
      if candidate >= reached, candidate < end {
        if let first {
          // `reached` is when the clocks were set back: they showed `local + (reached - …)` until then.
          return .repeated(first: first, second: candidate, until: reached + (local - first))
        }
        first = candidate
      }
      if end > local + Self.widestOffset { break }
      let next = self.offset(at: end)
      if first == nil, local >= end + offset, local < end + next { gapEnds = end }
      (start, reached, offset) = (end, end, next)
    }
    if let first { return .once(first) }
    return .skipped(gapEnds: gapEnds ?? local - offset)
  }

  private func firstChange(after utc: Int) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].at <= utc { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
