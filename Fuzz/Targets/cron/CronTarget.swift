internal import PupCore

/// The zones that a pattern is tried in; POSIX rules, so that the machine's own data plays no part.
private let zones: [TimeZoneRules] =
  [.utc]
  + [
    "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "IST-1GMT0,M10.5.0,M3.5.0/1",
    "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
  ].compactMap { try? TimeZoneRules(name: $0, posixRule: $0) }

/// One byte for the zone, eight for the time (microseconds, little-endian), the rest is the pattern. What is found has to be
/// later than what was asked for, and the same from wherever in between one asks.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = UnsafeBufferPointer(start: start, count: count)
  guard bytes.count > 9 else { return 0 }
  let microseconds = bytes[1..<9].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
  let pattern = String(decoding: bytes[9...], as: UTF8.self)
  let zone = zones[Int(bytes[0]) % zones.count]
  guard let schedule = try? CronSchedule(parsing: pattern, zone: zone) else { return 0 }

  // Half of the times are close to the present, where the clocks change.
  var time = Int64(bitPattern: microseconds)
  if bytes[0] < 0x80 { time = 1_600_000_000_000_000 + time % 1_000_000_000_000_000 }
  for _ in 0..<8 {
    guard let next = schedule.next(after: WallTime(microseconds: time)) else { return 0 }
    precondition(next.microseconds > time, "not later")
    precondition(next.microseconds % 1_000_000 == 0, "not a whole second")
    for between in [next.microseconds - 1, time + (next.microseconds - time) / 2] {
      let again = schedule.next(after: WallTime(microseconds: between))
      precondition(again == next, "asked at \(time): \(next.microseconds), asked at \(between): \(again?.microseconds ?? -1)")
    }
    time = next.microseconds
  }
  return 0
}
