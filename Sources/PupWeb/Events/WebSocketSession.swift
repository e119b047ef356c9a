internal import CWslay
internal import PupAPI
internal import PupEvents
internal import PupSystem
internal import PupTokens

/// A reader of `/wss`: frames `{"t": event, "d": payload}` by libwslay. Belongs to the loop's thread.
final class WebSocketSession: TokenBound, UpgradedConnection, @unchecked Sendable {
  /// What may wait for the client; more stays in the event bus.
  private static let outgoingLimit = 64 << 10
  private static let messageLimit: UInt64 = 16 << 10
  /// Application-defined: the token has ended or was revoked.
  private static let unauthenticated: UInt16 = 4401
  private static let mostRefusedTokens = 10
  private static let goingAway: UInt16 = 1001
  private static let policyViolation: UInt16 = 1008

  private(set) var validity: TokenValidity
  private let loop: EventLoop
  private let bus: EventBus
  private let authorizer: Authorizer
  private let limits: WebLimits
  private let socket: ClientSocket
  private var isFinished = false
  private let onFreshToken: (Principal) -> Void
  private let onClose: (WebSocketSession) -> Void
  private var filter: EventFilter
  private var cursor: EventCursor
  private var context: wslay_event_context_ptr?
  private var registration: Registration?
  private var awaited: Readiness = .read
  private var refusedTokens = 0
  private var incoming: [UInt8]
  private var blockedSince: Int64?
  private var lastSent = Clock.boot
  private var closeDeadline: Int64?
  fileprivate var progress = WebSocketProgress()

  init(
    socket: ClientSocket, loop: EventLoop, principal: Principal, early: [UInt8], bus: EventBus, authorizer: Authorizer,
    limits: WebLimits, onFreshToken: @escaping (Principal) -> Void, onClose: @escaping (WebSocketSession) -> Void
  ) {
    validity = TokenValidity(principal)
    self.onFreshToken = onFreshToken
    self.socket = socket
    self.loop = loop
    self.bus = bus
    self.authorizer = authorizer
    self.limits = limits
    self.onClose = onClose
    incoming = early
    filter = EventFilter(names: .all).limited(to: principal.scopes)
    bus.join(filter.names)
    cursor = bus.cursorAtEnd()
  }

  func start() {
    var callbacks = wslay_event_callbacks(
      recv_callback: receiveCallback, send_callback: sendCallback, genmask_callback: nil,
      on_frame_recv_start_callback: frameCallback, on_frame_recv_chunk_callback: nil,
      on_frame_recv_end_callback: frameEndCallback,
      on_msg_recv_callback: messageCallback)
    guard wslay_event_context_server_init(&context, &callbacks, Unmanaged.passUnretained(self).toOpaque()) == 0 else {
      return finish()
    }
    wslay_event_config_set_max_recv_msg_length(context, Self.messageLimit)
    do throws(SystemError) {
      registration = try loop.register(socket.descriptor, .read) { [weak self] readiness in self?.ready(readiness) }
    } catch {
      return finish()
    }
    if !incoming.isEmpty { serveFrames() }
    pump()
  }

  // MARK: - Turns

  private func ready(_ readiness: Readiness) {
    if !readiness.isDisjoint(with: [.read, .hangUp, .error]) {
      guard receive() else { return finish() }
      serveFrames()
    }
    pump()
  }

  /// False at the end of the connection.
  private func receive() -> Bool {
    var bytes: [UInt8] = []
    guard case .bytes = socket.receive(&bytes) else { return false }
    // Behind a close frame nothing counts any more.
    if let context, wslay_event_get_read_enabled(context) != 0 { incoming.append(contentsOf: bytes) }
    return true
  }

  private func serveFrames() {
    guard let context else { return }
    progress.received(incoming.count)
    if wslay_event_recv(context) != 0 { return finish() }
    progress.settle(at: Clock.boot)
  }

  /// Takes events from the bus as fast as the client takes them from us.
  func pump() {
    guard let context else { return }
    while socket.pending < Self.outgoingLimit, closeDeadline == nil {
      let batch = bus.read(&cursor, filter, limit: Self.outgoingLimit)
      if batch.isEmpty { break }
      if let lost = batch.lost { queue(Array("{\"t\":\"lost\",\"d\":\(lost.jsonText)}".utf8)) }
      for record in batch.records { queue(record.frame()) }
      guard wslay_event_send(context) == 0, flush() else { return finish() }
    }
    guard wslay_event_send(context) == 0, flush() else { return finish() }
    // Reading is over when the client has closed, or has sent what is no frame.
    if wslay_event_get_close_sent(context) != 0, wslay_event_get_read_enabled(context) == 0, socket.pending == 0 { finish() }
  }

  private func queue(_ text: [UInt8]) {
    guard let context else { return }
    _ = text.withUnsafeBufferPointer { bytes in
      var message = wslay_event_msg(opcode: UInt8(WSLAY_TEXT_FRAME.rawValue), msg: bytes.baseAddress, msg_length: bytes.count)
      return wslay_event_queue_msg(context, &message)
    }
  }

  /// False when the connection is broken.
  private func flush() -> Bool {
    let before = socket.pending
    guard socket.flush() else { return false }
    if socket.pending < before { lastSent = Clock.boot }
    blockedSince = socket.pending == 0 ? nil : socket.pending < before ? Clock.boot : blockedSince ?? Clock.boot
    awaitClient()
    return true
  }

  /// A client that does not take what was sent is not listened to either: each of its frames may ask for an answer.
  private func awaitClient() {
    var wanted: Readiness = socket.pending < Self.outgoingLimit ? .read : []
    if socket.pending > 0 { wanted.insert(.write) }
    guard wanted != awaited, let registration else { return }
    awaited = wanted
    try? loop.modify(registration, wanted)
  }

  // MARK: - Messages of the client

  fileprivate func received(_ opcode: UInt8, _ bytes: UnsafeRawBufferPointer) {
    guard opcode == UInt8(WSLAY_TEXT_FRAME.rawValue),
      let message = try? JSONValue(parsing: Array(bytes), limits: JSONLimits(bytes: Int(Self.messageLimit), depth: 16)),
      message["t"]?.stringValue == "auth", let token = message["d"]?["token"]?.stringValue
    else { return }
    do throws(AuthenticationFailure) {
      let fresh = try authorizer.authenticate(token: token)
      guard fresh.consumer == validity.consumer else { throw .invalid }
      validity = TokenValidity(fresh)
      bus.leave(filter.names)
      defer { bus.join(filter.names) }
      filter = EventFilter(names: .all).limited(to: fresh.scopes)
      queue(Array("{\"t\":\"auth\",\"d\":{\"success\":true}}".utf8))
      onFreshToken(fresh)
    } catch {
      refusedTokens += 1
      guard refusedTokens <= Self.mostRefusedTokens else {
        return close(Self.unauthenticated, "too many tokens that are not good", now: Clock.boot)
      }
      queue(Array("{\"t\":\"auth\",\"d\":{\"success\":false,\"error\":\(error.rawValue.jsonText)}}".utf8))
    }
  }

  /// A newer token of the same consumer was seen somewhere.
  func extend(by fresh: Principal) {
    let names = EventFilter(names: .all).limited(to: fresh.scopes).names
    if names.isSuperset(of: filter.names) { validity.extend(by: fresh) }
  }

  fileprivate func take(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, incoming.count)
    buffer.copyBytes(from: incoming[..<count])
    incoming.removeFirst(count)
    return count
  }

  fileprivate func put(_ bytes: UnsafeRawBufferPointer) { socket.enqueue(bytes) }

  // MARK: - Time and end

  /// Each second.
  func tick(now: Int64) {
    if let closeDeadline, closeDeadline <= now { return finish() }
    if let blockedSince, now - blockedSince > Int64(limits.answerSeconds) * 1_000_000_000 { return finish() }
    if let since = progress.unfinishedSince, now - since > Int64(limits.bodySeconds) * 1_000_000_000 {
      return close(Self.policyViolation, "a message was begun and not finished within \(limits.bodySeconds) s", now: now)
    }
    if validity.end(authorizer) != nil {
      return close(Self.unauthenticated, "token expired or revoked", now: now)
    }
    if now - lastSent >= Int64(limits.heartbeatSeconds) * 1_000_000_000, closeDeadline == nil, let context {
      var ping = wslay_event_msg(opcode: UInt8(WSLAY_PING.rawValue), msg: nil, msg_length: 0)
      _ = wslay_event_queue_msg(context, &ping)
      pump()
    }
  }

  private func close(_ code: UInt16, _ reason: String, now: Int64) {
    guard closeDeadline == nil, let context else { return }
    closeDeadline = now + 5_000_000_000
    let bytes = Array(reason.utf8)
    _ = wslay_event_queue_close(context, code, bytes, bytes.count)
    pump()
  }

  func stop() {
    close(Self.goingAway, "pup stops", now: Clock.boot)
    finish()
  }

  func finish() {
    guard !isFinished else { return }
    isFinished = true
    if let registration { loop.deregister(registration) }
    registration = nil
    if let context {
      self.context = nil
      // Called from within a callback of the context as well: it is freed when the stack is gone.
      nonisolated(unsafe) let dead = context
      loop.post { wslay_event_context_free(dead) }
    }
    bus.leave(filter.names)
    onClose(self)
  }
}

// MARK: - C functions that libwslay calls

private func session(_ context: UnsafeMutableRawPointer?) -> WebSocketSession? {
  context.map { Unmanaged<WebSocketSession>.fromOpaque($0).takeUnretainedValue() }
}

private func receiveCallback(
  _ context: wslay_event_context_ptr?, _ buffer: UnsafeMutablePointer<UInt8>?, _ capacity: Int, _ flags: Int32,
  _ user: UnsafeMutableRawPointer?
) -> Int {
  let count = session(user)?.take(UnsafeMutableRawBufferPointer(start: buffer, count: capacity)) ?? 0
  guard count > 0 else {
    wslay_event_set_error(context, Int32(WSLAY_ERR_WOULDBLOCK.rawValue))
    return -1
  }
  return count
}

private func sendCallback(
  _ context: wslay_event_context_ptr?, _ data: UnsafePointer<UInt8>?, _ count: Int, _ flags: Int32,
  _ user: UnsafeMutableRawPointer?
) -> Int {
  session(user)?.put(UnsafeRawBufferPointer(start: data, count: count))
  return count
}

private func frameCallback(
  _ context: wslay_event_context_ptr?, _ frame: UnsafePointer<wslay_event_on_frame_recv_start_arg>?,
  _ user: UnsafeMutableRawPointer?
) {
  guard let frame = frame?.pointee else { return }
  session(user)?.progress.began(isLast: frame.fin != 0, opcode: frame.opcode, payload: frame.payload_length)
}

private func frameEndCallback(_ context: wslay_event_context_ptr?, _ user: UnsafeMutableRawPointer?) {
  session(user)?.progress.ended()
}

private func messageCallback(
  _ context: wslay_event_context_ptr?, _ message: UnsafePointer<wslay_event_on_msg_recv_arg>?, _ user: UnsafeMutableRawPointer?
) {
  guard let message = message?.pointee else { return }
  session(user)?.received(message.opcode, UnsafeRawBufferPointer(start: message.msg, count: message.msg_length))
}
