package import PupAPI
internal import PupEvents
internal import PupSystem
internal import PupTokens

/// A reader of `GET /events`. Its reader asks for bytes; where there are none, it sleeps until `wake`. Belongs to the loop's
/// thread.
package final class EventStream: BodySource, TokenBound, @unchecked Sendable {
  /// Why the server ends it.
  enum End {
    case token(TokenValidity.End)
    case stop
  }

  /// Small: hundreds of streams that are all behind hold so much each.
  private static let batchBytes = 16 << 10
  private static let lastBytes = 64 << 10

  let id: String
  private(set) var validity: TokenValidity
  private let wanted: EventFilter
  private var filter: EventFilter
  /// What the bus knows that this stream follows.
  private var joined: EventNames
  private let bus: EventBus
  private let limits: WebLimits
  private var cursor: EventCursor
  private var pending: [UInt8] = []
  private(set) var isEnded = false
  private var isClosed = false
  private var lastSent = Clock.boot
  private var wakeReader: (() -> Void)?
  private let onClose: (EventStream) -> Void

  init(
    id: String, principal: Principal, filter: EventFilter, bus: EventBus, after resume: EventID?, limits: WebLimits,
    onClose: @escaping (EventStream) -> Void
  ) {
    self.id = id
    validity = TokenValidity(principal)
    wanted = filter
    self.filter = filter.limited(to: principal.scopes)
    joined = self.filter.names
    self.bus = bus
    self.limits = limits
    self.onClose = onClose
    bus.join(joined)
    cursor = resume.map { bus.cursor(after: $0) } ?? bus.cursorAtEnd()
    var greeting = JSONWriter()
    greeting.object {
      $0.member("id", id)
      $0.member("epoch", bus.epoch)
      $0.member("expires", ifPresent: principal.expires)
    }
    write("retry: 2500\n")
    // A client that is cut before its first event can resume from here as well.
    if resume == nil { write("id: \(bus.epoch)-\(cursor.sequence)\n") }
    write("event: stream\ndata: \(greeting.text)\n\n")
  }

  package let type = "text/event-stream; charset=utf-8"

  package func begin(wake: @escaping () -> Void) { wakeReader = wake }

  package func closed() {
    guard !isClosed else { return }
    isClosed = true
    bus.leave(joined)
    wakeReader = nil
    onClose(self)
  }

  // MARK: - Bytes

  package func next() -> [UInt8]? {
    if pending.isEmpty { fill() }
    guard !pending.isEmpty else { return nil }
    defer { pending = [] }
    lastSent = Clock.boot
    return pending
  }

  package var isDone: Bool { isEnded && pending.isEmpty }

  private func fill() {
    guard !isEnded else { return }
    let batch = bus.read(&cursor, filter, limit: Self.batchBytes)
    if let lost = batch.lost { write("event: lost\ndata: \(lost.jsonText)\n\n") }
    for record in batch.records { record.appendServerSentEvent(epoch: bus.epoch, to: &pending) }
  }

  private func write(_ text: String) { pending.append(contentsOf: text.utf8) }

  /// There may be something to send.
  func wake() { wakeReader?() }

  /// Each second.
  func tick(now: Int64, authorizer: Authorizer) {
    guard !isEnded else { return }
    if let end = validity.end(authorizer) { return self.end(.token(end)) }
    let idle = now - lastSent
    if pending.isEmpty, idle >= Int64(limits.heartbeatSeconds) * 1_000_000_000 {
      write(":\n\n")
      wake()
    }
  }

  /// The last event, behind what is on its way already.
  func end(_ end: End) {
    guard !isEnded else { return }
    switch end {
    case .token(let reason):
      filter.names = []
      writeLast("expired", reason.rawValue)
    case .stop:
      drain()
      writeLast("closed", "pup stops")
    }
    wake()
  }

  private func writeLast(_ event: String, _ reason: String) {
    isEnded = true
    write("event: \(event)\ndata: {\"reason\":\"\(reason)\"}\n\n")
  }

  private func drain() {
    for record in bus.read(&cursor, filter, limit: Self.lastBytes).records {
      record.appendServerSentEvent(epoch: bus.epoch, to: &pending)
    }
  }

  /// A newer token of the same consumer was seen somewhere.
  func extend(by fresh: Principal) {
    if wanted.limited(to: fresh.scopes).names.isSuperset(of: filter.names) { validity.extend(by: fresh) }
  }

  /// Goes on with a fresh token of the same consumer, and with its scopes.
  func prolong(_ fresh: Principal) {
    validity = TokenValidity(fresh)
    filter = wanted.limited(to: fresh.scopes)
    bus.leave(joined)
    joined = filter.names
    bus.join(joined)
  }
}

extension LostEvents: JSONEncodable {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.name("from")
      if let from { $0.value(from) } else { $0.null() }
      $0.member("to", to)
      $0.name("count")
      if let count { $0.value(count) } else { $0.null() }
    }
  }
}
