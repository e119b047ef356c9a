internal import CMicroHTTPD
package import PupAPI
internal import PupSystem
internal import PupTokens

/// A reader of `GET /events`. libmicrohttpd asks for bytes; where there are none, the connection sleeps until `wake`. Belongs to the loop's thread.
final class EventStream: @unchecked Sendable {
  /// Small: hundreds of streams that are all behind hold so much each.
  private static let batchBytes = 16 << 10
  private static let lastBytes = 64 << 10

  let id: String
  private(set) var principal: Principal
  private let wanted: EventFilter
  private var filter: EventFilter
  /// What the bus knows that this stream follows.
  private var joined: Set<EventName>
  private let bus: EventBus
  private let limits: WebLimits
  private var cursor: EventCursor
  private var pending: [UInt8] = []
  private var offset = 0
  private(set) var isEnded = false
  private var lastSent = Clock.boot
  private var exchange: Exchange?
  private var connection: ClientConnection?
  private let onClose: (EventStream) -> Void

  init(
    id: String, principal: Principal, filter: EventFilter, bus: EventBus, after resume: EventID?, limits: WebLimits,
    onClose: @escaping (EventStream) -> Void
  ) {
    self.id = id
    self.principal = principal
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

  func attach(_ exchange: Exchange, _ connection: ClientConnection) {
    self.exchange = exchange
    self.connection = connection
  }

  func closed() {
    bus.leave(joined)
    exchange = nil
    connection = nil
    onClose(self)
  }

  // MARK: - Bytes

  /// Fills libmicrohttpd's buffer.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    if offset == pending.count { fill() }
    let count = min(pending.count - offset, buffer.count)
    guard count > 0 else {
      if isEnded { return PUP_MHD_END_OF_STREAM }
      connection?.deadline = .max
      exchange?.suspend()
      return 0
    }
    buffer.copyBytes(from: pending[offset..<offset + count])
    offset += count
    lastSent = Clock.boot
    // Asking for more is how libmicrohttpd says that this part was taken.
    connection?.deadline = lastSent + Int64(limits.answerSeconds) * 1_000_000_000
    return count
  }

  private func fill() {
    pending.removeAll(keepingCapacity: pending.capacity <= Self.batchBytes * 2)
    offset = 0
    guard !isEnded else { return }
    let batch = bus.read(&cursor, filter, limit: Self.batchBytes)
    if let lost = batch.lost { write("event: lost\ndata: \(lost.jsonText)\n\n") }
    for record in batch.records { record.appendServerSentEvent(epoch: bus.epoch, to: &pending) }
  }

  private func write(_ text: String) { pending.append(contentsOf: text.utf8) }

  /// There may be something to send.
  func wake() { exchange?.resume() }

  /// Each second.
  func tick(now: Int64, authorizer: Authorizer) {
    guard !isEnded else { return }
    let reason = authorizer.isRevoked(principal) ? "revoked" : authorizer.isExpired(principal) ? "expired" : nil
    if let reason { return end(event: "expired", reason: reason) }
    let idle = now - lastSent
    if offset == pending.count, idle >= Int64(limits.heartbeatSeconds) * 1_000_000_000 {
      write(":\n\n")
      wake()
    }
  }

  /// The last event, behind what is on its way already.
  func end(event: String, reason: String) {
    guard !isEnded else { return }
    if event == "expired" { filter.names = [] } else { drain() }
    isEnded = true
    write("event: \(event)\ndata: {\"reason\":\"\(reason)\"}\n\n")
    wake()
  }

  private func drain() {
    for record in bus.read(&cursor, filter, limit: Self.lastBytes).records {
      record.appendServerSentEvent(epoch: bus.epoch, to: &pending)
    }
  }

  /// Goes on with a fresh token of the same consumer.
  func prolong(_ fresh: Principal) {
    principal = fresh
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
