internal import PupCore

extension Database {
  func insert(_ event: StoredEvent) throws(StoreError) {
    try run(
      "INSERT OR REPLACE INTO event (epoch, number, time, type, process, payload, lost) VALUES (?, ?, ?, ?, ?, ?, ?)",
      [
        .text(event.epoch), .integer(event.number), .integer(event.time.microseconds), .text(event.type),
        .text(event.process?.text), .text(event.payload), .integer(event.lostBefore),
      ], stage: "store an event")
  }

  /// The newest ones, oldest first.
  func newestEvents(epoch: String, limit: Int) throws(StoreError) -> [StoredEvent] {
    let first = try integer(
      "SELECT min(number) FROM (SELECT number FROM event WHERE epoch = ? ORDER BY number DESC LIMIT ?)",
      [.text(epoch), .integer(limit)], stage: "read the events")
    guard let first else { return [] }
    return try events(epoch: epoch, after: first - 1, limit: limit)
  }

  /// Oldest first.
  func events(epoch: String, after number: Int64, limit: Int) throws(StoreError) -> [StoredEvent] {
    var events: [StoredEvent] = []
    try rows(
      """
      SELECT number, time, type, process, payload, lost FROM event WHERE epoch = ? AND number > ? ORDER BY number LIMIT ?
      """, [.text(epoch), .integer(number), .integer(limit)], stage: "read the events"
    ) { row in
      guard let number = row.integer(0), let time = row.integer(1), let type = row.text(2), let payload = row.text(4) else {
        return
      }
      events.append(
        StoredEvent(
          epoch: epoch, number: number, time: WallTime(microseconds: time), type: type,
          process: row.text(3).map { ProcessID($0) },
          payload: payload, lostBefore: row.integer(5) ?? 0))
    }
    return events
  }

  func trimEvents(epoch: String, keeping count: Int) throws(StoreError) {
    try run("DELETE FROM event WHERE epoch <> ?", [.text(epoch)], stage: "trim the events")
    try run(
      """
      DELETE FROM event WHERE epoch = ?1 AND number <=
        (SELECT number FROM event WHERE epoch = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)
      """, [.text(epoch), .integer(count)], stage: "trim the events")
  }

  // MARK: - Numbering

  /// Continues where the last supervisor may have got to, or begins a new epoch, and reserves the first block.
  func openNumbering(block: Int64, boot: String, newEpoch: String) throws(StoreError) -> EventNumbering {
    let closed = try setting("event.next").flatMap { Int64($0) }
    let isSameBoot = try setting("event.boot") == boot
    try set("event.boot", boot)
    guard isSameBoot, let epoch = try setting("event.epoch"), let end = try setting("event.end").flatMap({ Int64($0) }), end > 0,
      end < .max - block
    else {
      let numbering = EventNumbering(epoch: newEpoch, next: 1, end: 1 + block, lastStored: 0)
      try save(numbering)
      return numbering
    }
    let last = try integer("SELECT max(number) FROM event WHERE epoch = ?", [.text(epoch)], stage: "read the events") ?? 0
    // A clean end records how far the numbers went. Without it, every number of the block may have been assigned.
    let next = closed.map { $0 > last && $0 <= end ? $0 : end } ?? max(end, last + 1)
    let numbering = EventNumbering(
      epoch: epoch, next: next, end: next + block, lastStored: closed == nil ? last : next - 1)
    try save(numbering)
    return numbering
  }

  private func save(_ numbering: EventNumbering) throws(StoreError) {
    try set("event.epoch", numbering.epoch)
    try set("event.end", String(numbering.end))
    try set("event.next", nil)
  }

  // MARK: - Settings

  func setting(_ key: String) throws(StoreError) -> String? {
    try text("SELECT value FROM meta WHERE key = ?", [.text(key)], stage: "read a setting")
  }

  func set(_ key: String, _ value: String?) throws(StoreError) {
    guard let value else {
      try run("DELETE FROM meta WHERE key = ?", [.text(key)], stage: "forget a setting")
      return
    }
    try run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", [.text(key), .text(value)], stage: "store a setting")
  }
}
