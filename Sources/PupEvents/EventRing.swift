internal import PupAPI

/// The newest events of one class, bounded by number and bytes. Ordinals count within the ring and never repeat.
struct EventRing {
  /// As many as have been needed so far.
  private var slots: [EventRecord?] = []
  private let capacity: Int
  private let byteLimit: Int
  private var bytes = 0
  /// Ordinal of the oldest event that is there.
  private(set) var first: UInt64 = 0
  /// Ordinal of the next event.
  private(set) var next: UInt64 = 0
  /// Sequence number of the newest event that is no longer there.
  private(set) var evictedThrough: UInt64
  /// The number of events up to here is unknown: they were another supervisor's, or one number stands for any number of them.
  private(set) var uncountedThrough: UInt64

  /// - Parameter start: events up to this sequence number are not available here.
  init(capacity: Int, byteLimit: Int, start: UInt64) {
    self.capacity = max(capacity, 1)
    self.byteLimit = byteLimit
    evictedThrough = start
    uncountedThrough = start
  }

  subscript(_ ordinal: UInt64) -> EventRecord? { slots.isEmpty ? nil : slots[place(of: ordinal)] }

  private func place(of ordinal: UInt64) -> Int { Int(ordinal % UInt64(slots.count)) }

  mutating func append(_ record: EventRecord) {
    while next > first, Int(next - first) == capacity || bytes + record.json.count > byteLimit { evict() }
    if Int(next - first) == slots.count { grow() }
    slots[place(of: next)] = record
    bytes += record.json.count
    next += 1
  }

  /// The ordinals get new positions.
  private mutating func grow() {
    var larger = [EventRecord?](repeating: nil, count: min(max(slots.count * 2, 64), capacity))
    for ordinal in first..<next { larger[Int(ordinal % UInt64(larger.count))] = self[ordinal] }
    slots = larger
  }

  private mutating func evict() {
    let index = place(of: first)
    if let record = slots[index] {
      bytes -= record.json.count
      if !record.name.isLiveOnly { evictedThrough = max(evictedThrough, record.sequence) }
    }
    slots[index] = nil
    first += 1
  }

  /// Forgets everything; events up to this sequence number are no longer available, however many there were.
  mutating func clear(through sequence: UInt64) {
    while next > first { evict() }
    evictedThrough = max(evictedThrough, sequence)
    uncountedThrough = max(uncountedThrough, sequence)
  }

  /// The ordinal of the first event after `sequence`.
  func ordinal(after sequence: UInt64) -> UInt64 {
    var (low, high) = (first, next)
    while low < high {
      let middle = low + (high - low) / 2
      // A live-only event has the number of the one before it, and is in the past for a reader that resumes there.
      if let record = self[middle], record.sequence > sequence { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
