internal import PupCore

/// Any bytes as a TZif file. What it says about times must agree with itself.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let zone = try? TimeZoneRules(name: "fuzz", tzif: bytes) else { return 0 }
  var second = -5_000_000_000
  var changes: [Int] = []
  for _ in 0..<40 {
    guard let change = zone.nextChange(after: second) else { break }
    precondition(change > second, "a change that is not later")
    changes.append(change)
    second = change
  }
  // Where the table ends, a file may contradict the rule that follows: the clocks then jump without a change. Nothing can be said
  // about the days around that, or about clocks that are changed again before the last change is over.
  let days = 4 * 86_400
  for change in changes.dropLast() {
    let isAlone = changes.allSatisfy { $0 == change || abs($0 - change) > days }
    let (before, after) = (zone.offset(at: change - 1), zone.offset(at: change))
    if isAlone, before != after, zone.offset(at: change - days) == before, zone.offset(at: change + days) == after {
      check(change, zone)
    }
  }

  for pattern in ["30 2 * * *", "*/7 * * * *"] {
    guard let schedule = try? CronSchedule(parsing: pattern, zone: zone) else { continue }
    // Beyond this microseconds do not fit.
    var time = WallTime(microseconds: Int64(min(second, 1 << 42) - 86_400) * 1_000_000)
    for _ in 0..<4 {
      guard let next = schedule.next(after: time) else { break }
      precondition(next.microseconds > time.microseconds, "not later")
      time = next
    }
  }
  return 0
}

/// The instants before and after a change are found again by what the clocks show.
private func check(_ change: Int, _ zone: TimeZoneRules) {
  for instant in [change - 1, change] {
    let local = instant + zone.offset(at: instant)
    switch zone.resolve(local: local) {
    case .once(let found): precondition(found == instant, "one local time, another instant")
    case .repeated(let first, let second, let until):
      precondition(first < second && until > local, "a repeated time in the wrong order")
    case .skipped: preconditionFailure("a local time that exists was skipped")
    }
  }
}
