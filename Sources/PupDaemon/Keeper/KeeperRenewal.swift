/// A new keeper in place of one that died: tried with pauses for as long as it takes, and said once.
struct KeeperRenewal {
  private static let shortest: Int64 = 50_000_000
  private static let longest: Int64 = 2_000_000_000

  /// One was started and has not welcomed this brain yet.
  private(set) var isUnderWay = false
  /// Until the next try (ns); 0 while none has failed.
  private(set) var pause: Int64 = 0
  private var lastReason = ""

  mutating func started() { isUnderWay = true }

  /// - Returns: whether this is news.
  mutating func failed(_ reason: String) -> Bool {
    isUnderWay = false
    pause = min(max(pause * 2, Self.shortest), Self.longest)
    defer { lastReason = reason }
    return reason != lastReason
  }

  /// One works.
  /// - Returns: whether that is news.
  mutating func succeeded() -> Bool {
    defer { self = KeeperRenewal() }
    return !lastReason.isEmpty
  }
}
