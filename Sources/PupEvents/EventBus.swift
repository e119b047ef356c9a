package import PupAPI
internal import PupSystem
internal import Synchronization

/// Events in order, for any number of readers. Readers have no queue of their own, only a position in two bounded rings: a slow
/// reader loses the oldest events, gets a notice of the loss, and slows down no other. Log lines and other bulk have a ring of
/// their own, so that a flood of them does not push out state changes. Safe to use from any thread.
package final class EventBus: Sendable {
  package struct Limits: Sendable {
    package var stateEvents = 16_384
    package var bulkEvents = 16_384
    /// Of payloads, in each ring.
    package var bytes = 8 << 20
    /// Numbers are reserved in blocks, so that a crash skips some and repeats none.
    package var block: UInt64 = 4096

    package init() {}
  }

  private struct State {
    var sequence: UInt64
    var reserved: UInt64
    var rings: (state: EventRing, bulk: EventRing)
    var isSignalled = false
    var wake: (@Sendable () -> Void)?
    var readers = 0
    var lineReaders = 0
    var stateReaders = 0
    /// Until then, lines are kept for readers that lost their connection (CLOCK_BOOTTIME, nanoseconds).
    var linesWantedUntil: Int64 = 0
    var hasSkippedLines = false
  }

  /// How long lines are kept for a reader that may come back.
  private static let linger: Int64 = 60_000_000_000

  package let epoch: String
  /// Numbers that an earlier brain may have given to events that cannot be shown again.
  private let uncertain: Range<UInt64>
  private let limits: Limits
  private let state: Mutex<State>
  private let reserve: @Sendable (UInt64) -> Void

  /// - Parameters:
  ///   - epoch: letters and digits; the same as before only if every event since is known.
  ///   - last: the number before the first one to be assigned.
  ///   - restored: state events up to `last` that were kept elsewhere, oldest first and without gaps; readers can resume after
  ///     the event before them. Earlier lines and other bulk are reported as lost.
  ///   - uncertain: numbers up to `last` that may have been given to state events that were not kept; readers that pass them get
  ///     a notice.
  ///   - reserve: called with the number up to which this process may count. It has to be durable soon, not at once: half a block
  ///     is left.
  package init(
    epoch: String, last: UInt64 = 0, restored: [EventRecord] = [], uncertain: Range<UInt64> = 0..<0, limits: Limits = Limits(),
    reserve: @escaping @Sendable (UInt64) -> Void = { _ in }
  ) {
    self.epoch = epoch
    self.uncertain = uncertain.clamped(to: 0..<last + 1)
    self.limits = limits
    self.reserve = reserve
    let start = restored.first.map { $0.sequence > 0 ? $0.sequence - 1 : 0 } ?? last
    var rings = (
      state: EventRing(capacity: limits.stateEvents, byteLimit: limits.bytes, start: start),
      bulk: EventRing(capacity: limits.bulkEvents, byteLimit: limits.bytes, start: last)
    )
    for record in restored where record.sequence <= last && !Self.isBulk(record.name) { rings.state.append(record) }
    state = Mutex(State(sequence: last, reserved: last + limits.block, rings: rings))
    reserve(last + limits.block)
  }

  package var last: EventID { EventID(epoch: epoch, sequence: state.withLock { $0.sequence }) }

  // MARK: - Writing

  @discardableResult
  package func publish(_ payload: EventPayload) -> EventID {
    let name = payload.name
    var line: LogItem?
    if case .log(let item) = payload { line = item }
    let json = payload.jsonBytes
    let sequence = change { state in
      if !name.isLiveOnly { state.sequence += 1 }
      let record = EventRecord(
        name: name, sequence: state.sequence, processId: payload.processId, severity: line?.severity, category: line?.category,
        json: json)
      if Self.isBulk(name) { state.rings.bulk.append(record) } else { state.rings.state.append(record) }
      return state.sequence
    }
    return EventID(epoch: epoch, sequence: sequence)
  }

  /// Whether anyone follows the log, or did recently and may only have lost the connection. If not, new lines need not be made: a
  /// reader that begins to follow gets a notice that it missed some.
  package func acceptsLines() -> Bool {
    state.withLock { state in
      let isWanted = state.lineReaders > 0 || state.linesWantedUntil > 0 && Clock.boot < state.linesWantedUntil
      if !isWanted { state.hasSkippedLines = true }
      return isWanted
    }
  }

  /// Log lines of one process, in order; none are taken while nobody follows the log.
  /// - Parameter dropped: how many more came after these and are not available.
  package func publish(lines: [LogItem], of process: String, dropped: Int) {
    guard acceptsLines() else { return }
    let bodies = lines.map(\.jsonBytes)
    _ = change { state in
      for (item, json) in zip(lines, bodies) {
        state.sequence += 1
        state.rings.bulk.append(
          EventRecord(
            name: .log, sequence: state.sequence, processId: item.processId, severity: item.severity, category: item.category,
            json: json))
      }
      if dropped > 0 {
        state.sequence += 1
        state.rings.bulk.append(EventRecord(gapOf: UInt64(dropped), sequence: state.sequence, processId: process))
      }
      return state.sequence
    }
  }

  /// Numbers that are given to nothing: a reader that reaches them gets a notice that this many events are lost.
  private static func lose(_ count: UInt64, _ state: inout State) {
    state.sequence += count
    state.rings.bulk.clear(through: state.sequence)
  }

  /// Changes the rings, keeps numbers reserved ahead of use, and wakes the readers' thread once.
  private func change(_ body: (inout State) -> UInt64) -> UInt64 {
    let (sequence, block, wake) = state.withLock { state in
      let sequence = body(&state)
      var block: UInt64?
      if state.reserved < state.sequence + limits.block / 2 {
        state.reserved = max(state.reserved, state.sequence) + limits.block
        block = state.reserved
      }
      let wake = state.isSignalled ? nil : state.wake
      // Nothing was signalled while nobody listened, so the first event after a listener arrives has to wake it.
      state.isSignalled = state.wake != nil
      return (sequence, block, wake)
    }
    if let block { reserve(block) }
    wake?()
    return sequence
  }

  // MARK: - Who listens

  /// A reader begins to follow these kinds of events.
  package func join(_ names: EventNames) {
    _ = change { state in
      state.readers += 1
      if names.contains(.applicationState) { state.stateReaders += 1 }
      if names.contains(.log) {
        state.lineReaders += 1
        // Lines that nobody wanted got no numbers; a reader that resumes must not conclude that there were none.
        if state.hasSkippedLines { Self.lose(1, &state) }
        state.hasSkippedLines = false
      }
      return state.sequence
    }
  }

  package func leave(_ names: EventNames) {
    state.withLock { state in
      state.readers -= 1
      if names.contains(.applicationState) { state.stateReaders -= 1 }
      guard names.contains(.log) else { return }
      state.lineReaders -= 1
      state.linesWantedUntil = Clock.boot + Self.linger
    }
  }

  package var hasReaders: Bool { state.withLock { $0.readers > 0 } }
  package var hasStateReaders: Bool { state.withLock { $0.stateReaders > 0 } }

  /// Events that may come in floods, or are replaced by the next of their kind: kept in memory only, apart from changes of state.
  /// Unknown kinds are not bulk: their events are stored and replayed.
  package static func isBulk(_ name: EventName) -> Bool { name.isLiveOnly || replayedBulk.contains(name) }

  private static let replayedBulk: [EventName] = [.log, .processTelemetry, .ipc]

  // MARK: - Reading

  /// Called once after something was published; again only after `startPass`.
  package func onPublish(_ wake: (@Sendable () -> Void)?) {
    state.withLock { ($0.wake, $0.isSignalled) = (wake, false) }
  }

  package func startPass() { state.withLock { $0.isSignalled = false } }

  /// At the end: only new events.
  package func cursorAtEnd() -> EventCursor {
    state.withLock { EventCursor(state: $0.rings.state.next, bulk: $0.rings.bulk.next, sequence: $0.sequence) }
  }

  /// After `id`.
  package func cursor(after id: EventID) -> EventCursor {
    state.withLock { state in
      guard id.epoch == epoch, id.sequence <= state.sequence else {
        return EventCursor(
          state: state.rings.state.first, bulk: state.rings.bulk.first, sequence: 0, isStranger: true)
      }
      return EventCursor(
        state: state.rings.state.ordinal(after: id.sequence), bulk: state.rings.bulk.ordinal(after: id.sequence),
        sequence: id.sequence)
    }
  }

  /// The next events for a reader, and what it has lost before them.
  /// - Parameter limit: approximate number of bytes of payloads.
  package func read(_ cursor: inout EventCursor, _ filter: EventFilter, limit: Int) -> EventBatch {
    state.withLock { state in
      var batch = EventBatch()
      batch.lost = Self.skipLost(&cursor, filter, state.rings, last: state.sequence)
      if let lost = batch.lost, lost.count == nil { cursor.toldUncounted = max(cursor.toldUncounted, lost.to) }
      var bytes = 0
      let wantsState = filter.names.hasState
      while bytes < limit {
        let stateRecord = cursor.state < state.rings.state.next ? state.rings.state[cursor.state] : nil
        let bulkRecord = cursor.bulk < state.rings.bulk.next ? state.rings.bulk[cursor.bulk] : nil
        let next = min(stateRecord?.sequence ?? .max, bulkRecord?.sequence ?? .max)
        if let hole = hole(before: next, cursor) {
          // A loss is reported before the events after it.
          guard batch.records.isEmpty else { return batch }
          cursor.sequence = hole.to
          if wantsState { batch.lost = batch.lost?.joined(with: hole) ?? hole }
        }
        if let gap = Self.gap(before: stateRecord, at: next, cursor) {
          guard batch.records.isEmpty else { return batch }
          cursor.sequence = gap.to
          batch.lost = batch.lost?.joined(with: gap) ?? gap
        }
        if let record = bulkRecord, record.gap > 0, record.sequence == next {
          if filter.includes(record) {
            guard batch.records.isEmpty else { return batch }
            let gap = LostEvents(from: next, to: next, count: record.gap)
            batch.lost = batch.lost?.joined(with: gap) ?? gap
          }
          cursor.bulk += 1
          cursor.sequence = next
          continue
        }
        let record: EventRecord
        switch (stateRecord, bulkRecord) {
        case (nil, nil): return batch
        case (let one?, let other?) where one.sequence <= other.sequence:
          record = one
          cursor.state += 1
        case (_, let other?):
          record = other
          cursor.bulk += 1
        case (let one?, nil):
          record = one
          cursor.state += 1
        }
        cursor.sequence = max(cursor.sequence, record.sequence)
        guard filter.includes(record) else { continue }
        batch.records.append(record)
        bytes += record.json.count + 64
      }
      return batch
    }
  }

  /// The numbers before `next` that the reader has not passed and that cannot be shown.
  private func hole(before next: UInt64, _ cursor: EventCursor) -> LostEvents? {
    guard !uncertain.isEmpty, cursor.sequence < uncertain.upperBound - 1, next >= uncertain.upperBound else { return nil }
    // Already reported: the available ones of the range come after what was reported.
    guard cursor.toldUncounted < uncertain.upperBound - 1 else { return nil }
    let from = max(cursor.sequence + 1, uncertain.lowerBound)
    // A whole block of numbers was reserved; probably not all of them were used.
    return LostEvents(from: from, to: uncertain.upperBound - 1, count: nil)
  }

  /// What was left out before this event, if it is the next one.
  private static func gap(before record: EventRecord?, at next: UInt64, _ cursor: EventCursor) -> LostEvents? {
    guard let record, record.lostBefore > 0, record.sequence == next, cursor.sequence < next - 1 else { return nil }
    let from = max(cursor.sequence + 1, next - min(record.lostBefore, next - 1))
    return LostEvents(from: from, to: next - 1, count: next - from)
  }

  private static func skipLost(
    _ cursor: inout EventCursor, _ filter: EventFilter, _ rings: (state: EventRing, bulk: EventRing), last: UInt64
  ) -> LostEvents? {
    if cursor.isStranger {
      cursor.isStranger = false
      (cursor.toldState, cursor.toldBulk) = (rings.state.evictedThrough, rings.bulk.evictedThrough)
      let oldest = [rings.state, rings.bulk].compactMap { $0[$0.first]?.sequence }.min() ?? last + 1
      return LostEvents(from: nil, to: oldest > 0 ? oldest - 1 : 0, count: nil)
    }
    var lost: LostEvents?
    let wantsBulk = replayedBulk.contains(where: filter.names.contains)
    skip(&cursor, \.state, \.toldState, rings.state, filter.names.hasState, &lost)
    skip(&cursor, \.bulk, \.toldBulk, rings.bulk, wantsBulk, &lost)
    return lost
  }

  private static func skip(
    _ cursor: inout EventCursor, _ place: WritableKeyPath<EventCursor, UInt64>, _ told: WritableKeyPath<EventCursor, UInt64>,
    _ ring: EventRing, _ isWanted: Bool, _ lost: inout LostEvents?
  ) {
    let passed = max(cursor.sequence, cursor[keyPath: told])
    // Zero if the reader resumes at a number whose position in the ring is no longer known.
    let known = ring.first > cursor[keyPath: place] ? ring.first - cursor[keyPath: place] : 0
    cursor[keyPath: place] = max(cursor[keyPath: place], ring.first)
    guard ring.evictedThrough > passed else { return }
    cursor[keyPath: told] = ring.evictedThrough
    guard isWanted else { return }
    let isCounted = passed >= ring.uncountedThrough
    let count = !isCounted ? nil : known > 0 ? known : ring.evictedThrough - passed
    let more = LostEvents(from: passed + 1, to: ring.evictedThrough, count: count)
    lost = lost?.joined(with: more) ?? more
  }
}
