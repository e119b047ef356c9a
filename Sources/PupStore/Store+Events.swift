internal import PupBasics

extension Store {
  /// Stores a state event for streams that resume.
  /// - Returns: false if too many are pending: it is dropped, and counted. The next event should say so (`lostBefore`).
  @discardableResult
  package func record(_ event: StoredEvent) -> Bool { write(.event(event)) }

  /// Events of `epoch` with larger numbers, oldest first. A number that is missing belongs to an event that was not stored.
  /// - Parameter limit: 1–10 000.
  package func events(
    epoch: String, after number: Int64, limit: Int, then: @escaping @Sendable (Result<[StoredEvent], StoreError>) -> Void
  ) {
    let limit = min(max(limit, 1), 10_000)
    ask(
      { (database) throws(StoreError) in try database.events(epoch: epoch, after: number, limit: limit) }, then: then)
  }

  /// The newest events of `epoch`, oldest first. Blocking: only for use before the loops run.
  package func loadNewestEvents(epoch: String, limit: Int) throws(StoreError) -> [StoredEvent] {
    try waitFor { (worker) throws(StoreError) in
      try worker.ask { (database) throws(StoreError) in try database.newestEvents(epoch: epoch, limit: limit) }
    }
  }

  // MARK: - Numbers

  /// Where the numbering continues; call once after opening. Blocking: only for use before the loops run.
  ///
  /// After a crash, numbers are skipped, never assigned twice; `uncertain` says which ones may have been in use.
  /// - Parameters:
  ///   - block: how many numbers are reserved.
  ///   - boot: identifies the boot of the machine. A power failure may have undone the last reservations, so another boot begins
  ///     a new epoch.
  package func openNumbering(block: Int64, boot: String) throws(StoreError) -> EventNumbering {
    var random = SystemRandomNumberGenerator()
    let fresh = HexText.digits(random.next() >> 16, 12)
    return try waitFor { (worker) throws(StoreError) in
      let numbering = try worker.ask { (database) throws(StoreError) in
        var opened: EventNumbering?
        try database.transaction { () throws(StoreError) in
          opened = try database.openNumbering(block: block, boot: boot, newEpoch: fresh)
        }
        return opened ?? EventNumbering(epoch: fresh, next: 1, end: 1, lastStored: 0)
      }
      worker.numbering = numbering
      return numbering
    }
  }

  /// Reserves the numbers below `end`. They may be assigned after `saved`; otherwise the caller begins a new epoch when it runs
  /// out of numbers.
  package func reserveNumbers(below end: Int64, then: @escaping @Sendable (StoreOutcome) -> Void) {
    write(.eventEnd(end), then: then)
  }

  /// The clean end: the next supervisor continues with `next` and skips nothing.
  package func closeNumbering(next: Int64) { write(.setting("event.next", String(next))) }
}
