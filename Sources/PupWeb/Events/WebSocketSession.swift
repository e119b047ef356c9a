internal import CLinux
internal import CMicroHTTPD
internal import CWslay
internal import Glibc
internal import PupAPI
internal import PupSystem
internal import PupTokens

/// A reader of `/wss`: frames `{"t": event, "d": payload}` by libwslay. Belongs to the loop's thread.
final class WebSocketSession: @unchecked Sendable {
  /// What may wait for the client; more stays in the event bus.
  private static let outgoingLimit = 64 << 10
  private static let messageLimit: UInt64 = 16 << 10
  /// Application-defined: the token has ended or was revoked.
  private static let unauthenticated: UInt16 = 4401
  private static let mostRefusedTokens = 10
  private static let goingAway: UInt16 = 1001

  private(set) var principal: Principal
  private let listener: Listener
  private let loop: EventLoop
  private let bus: EventBus
  private let authorizer: Authorizer
  private let limits: WebLimits
  private let socket: Int32
  private var handle: OpaquePointer?
  private let onClose: (WebSocketSession) -> Void
  private var filter: EventFilter
  private var cursor: EventCursor
  private var context: wslay_event_context_ptr?
  private var registration: Registration?
  private var awaited: Readiness = .read
  private var refusedTokens = 0
  private var incoming: [UInt8]
  private var outgoing: [UInt8] = []
  private var blockedSince: Int64?
  private var lastSent = Clock.boot
  private var closeDeadline: Int64?

  init(
    exchange: Exchange, principal: Principal, socket: Int32, handle: OpaquePointer, early: [UInt8], bus: EventBus,
    authorizer: Authorizer, limits: WebLimits, onClose: @escaping (WebSocketSession) -> Void
  ) {
    self.principal = principal
    listener = exchange.listener
    loop = listener.loop
    self.bus = bus
    self.authorizer = authorizer
    self.limits = limits
    self.socket = socket
    self.handle = handle
    self.onClose = onClose
    incoming = early
    filter = EventFilter(names: Set(EventName.allCases)).limited(to: principal.scopes)
    bus.join(filter.names)
    cursor = bus.cursorAtEnd()
  }

  func start() {
    var callbacks = wslay_event_callbacks(
      recv_callback: receiveCallback, send_callback: sendCallback, genmask_callback: nil, on_frame_recv_start_callback: nil,
      on_frame_recv_chunk_callback: nil, on_frame_recv_end_callback: nil, on_msg_recv_callback: messageCallback)
    _ = pup_set_nonblocking(socket, true)
    guard wslay_event_context_server_init(&context, &callbacks, Unmanaged.passUnretained(self).toOpaque()) == 0 else {
      return finish()
    }
    wslay_event_config_set_max_recv_msg_length(context, Self.messageLimit)
    do throws(SystemError) {
      registration = try loop.register(socket, .read) { [weak self] readiness in self?.ready(readiness) }
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
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    let count = recv(socket, &chunk, chunk.count, Int32(MSG_DONTWAIT))
    if count > 0 {
      // Behind a close frame nothing counts any more.
      guard let context, wslay_event_get_read_enabled(context) != 0 else { return true }
      incoming.append(contentsOf: chunk[..<count])
      return true
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR)
  }

  private func serveFrames() {
    guard let context else { return }
    if wslay_event_recv(context) != 0 { return finish() }
  }

  /// Takes events from the bus as fast as the client takes them from us.
  func pump() {
    guard let context else { return }
    while outgoing.count < Self.outgoingLimit, closeDeadline == nil {
      let batch = bus.read(&cursor, filter, limit: Self.outgoingLimit)
      if batch.isEmpty { break }
      if let lost = batch.lost { queue(Array("{\"t\":\"lost\",\"d\":\(lost.jsonText)}".utf8)) }
      for record in batch.records { queue(record.frame()) }
      guard wslay_event_send(context) == 0, flush() else { return finish() }
    }
    guard wslay_event_send(context) == 0, flush() else { return finish() }
    // Reading is over when the client has closed, or has sent what is no frame.
    if wslay_event_get_close_sent(context) != 0, wslay_event_get_read_enabled(context) == 0, outgoing.isEmpty { finish() }
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
    var sent = 0
    while sent < outgoing.count {
      let count = outgoing[sent...].withUnsafeBytes {
        send(socket, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { break }
      guard count > 0 else { return false }
      sent += count
      lastSent = Clock.boot
    }
    outgoing.removeFirst(sent)
    blockedSince = outgoing.isEmpty ? nil : blockedSince ?? Clock.boot
    awaitClient()
    return true
  }

  /// A client that does not take what was sent is not listened to either: each of its frames may ask for an answer.
  private func awaitClient() {
    var wanted: Readiness = outgoing.count < Self.outgoingLimit ? .read : []
    if !outgoing.isEmpty { wanted.insert(.write) }
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
      guard fresh.consumer == principal.consumer else { throw .invalid }
      principal = fresh
      bus.leave(filter.names)
      defer { bus.join(filter.names) }
      filter = EventFilter(names: Set(EventName.allCases)).limited(to: fresh.scopes)
      queue(Array("{\"t\":\"auth\",\"d\":{\"success\":true}}".utf8))
    } catch {
      refusedTokens += 1
      guard refusedTokens <= Self.mostRefusedTokens else {
        return close(Self.unauthenticated, "too many tokens that are not good", now: Clock.boot)
      }
      queue(Array("{\"t\":\"auth\",\"d\":{\"success\":false,\"error\":\(error.rawValue.jsonText)}}".utf8))
    }
  }

  fileprivate func take(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, incoming.count)
    buffer.copyBytes(from: incoming[..<count])
    incoming.removeFirst(count)
    return count
  }

  fileprivate func put(_ bytes: UnsafeRawBufferPointer) { outgoing.append(contentsOf: bytes) }

  // MARK: - Time and end

  /// Each second.
  func tick(now: Int64) {
    if let closeDeadline, closeDeadline <= now { return finish() }
    if let blockedSince, now - blockedSince > Int64(limits.answerSeconds) * 1_000_000_000 { return finish() }
    if authorizer.isExpired(principal) || authorizer.isRevoked(principal) {
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

  private func finish() {
    if let registration { loop.deregister(registration) }
    registration = nil
    if let context {
      self.context = nil
      // Called from within a callback of the context as well: it is freed when the stack is gone.
      nonisolated(unsafe) let dead = context
      loop.post { wslay_event_context_free(dead) }
    }
    if let handle {
      self.handle = nil
      bus.leave(filter.names)
      pup_mhd_close_upgraded(handle)
      listener.runSoon()
      onClose(self)
    }
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

private func messageCallback(
  _ context: wslay_event_context_ptr?, _ message: UnsafePointer<wslay_event_on_msg_recv_arg>?, _ user: UnsafeMutableRawPointer?
) {
  guard let message = message?.pointee else { return }
  session(user)?.received(message.opcode, UnsafeRawBufferPointer(start: message.msg, count: message.msg_length))
}
