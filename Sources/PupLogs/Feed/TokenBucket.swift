/// Allows a steady rate and a burst on top of it.
struct TokenBucket {
  let capacity: Int
  let perSecond: Int
  private var level: Int
  private var filledAt: Int64 = 0

  init(capacity: Int, perSecond: Int) {
    self.capacity = capacity
    self.perSecond = perSecond
    level = capacity
  }

  /// - Parameter now: CLOCK_BOOTTIME, nanoseconds; never decreases.
  mutating func fill(_ now: Int64) {
    let elapsed = min(max(0, now - filledAt), 3_600_000_000_000)
    let gained = Int(elapsed / 1000) * perSecond / 1_000_000
    guard gained > 0 else { return }
    level = min(capacity, level + gained)
    filledAt = now
  }

  var isEmpty: Bool { level <= 0 }

  /// May go below zero once, so that nothing larger than the bucket waits forever.
  mutating func take(_ count: Int) { level -= count }
}
