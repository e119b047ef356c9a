internal import PupEvents
internal import PupSystem
internal import PupTokens

/// The open event streams and WebSockets: which token each belongs to, and when it continues. Belongs to the loop's thread once
/// the loop runs.
final class OpenStreams: @unchecked Sendable {
  private let events: EventBus
  private let authorizer: Authorizer
  private let limits: WebLimits
  private var loop: EventLoop?
  private var streams: [String: EventStream] = [:]
  private var sessions: [ObjectIdentifier: WebSocketSession] = [:]
  /// By the consumer of the token that opened them.
  private var bound: [String: [ObjectIdentifier: any TokenBound]] = [:]
  private var lastPass: Int64 = 0
  private var passTimer: Timer?

  init(events: EventBus, authorizer: Authorizer, limits: WebLimits) {
    self.events = events
    self.authorizer = authorizer
    self.limits = limits
  }

  func start(on loop: EventLoop) {
    self.loop = loop
    events.onPublish { [weak self, loop] in loop.post { [weak self] in self?.published() } }
  }

  func stop() {
    events.onPublish(nil)
    for stream in streams.values { stream.end(.stop) }
    for session in sessions.values { session.stop() }
  }

  var counts: (events: Int, webSockets: Int) { (streams.count, sessions.count) }

  // MARK: - Opening

  func open(for principal: Principal, _ filter: EventFilter, after resume: EventID?) -> EventStream {
    let stream = EventStream(
      id: TokenID.random(), principal: principal, filter: filter, bus: events, after: resume, limits: limits
    ) { [weak self] stream in
      self?.streams[stream.id] = nil
      self?.unbind(stream)
    }
    streams[stream.id] = stream
    bind(stream)
    return stream
  }

  func stream(_ id: String) -> EventStream? { streams[id] }

  /// - Parameter accept: the answer to the handshake.
  func webSocket(for principal: Principal, accept: String) -> Upgrade {
    Upgrade(headers: [("Upgrade", "websocket"), ("Sec-WebSocket-Accept", accept)]) { socket, loop, early, close in
      let session = WebSocketSession(
        socket: socket, loop: loop, principal: principal, early: early, bus: self.events, authorizer: self.authorizer,
        limits: self.limits, onFreshToken: { [weak self] in self?.extend(by: $0) },
        onClose: { [weak self] session in
          self?.sessions[ObjectIdentifier(session)] = nil
          self?.unbind(session)
          close()
        })
      self.sessions[ObjectIdentifier(session)] = session
      self.bind(session)
      return session
    }
  }

  // MARK: - Events

  /// Immediately after a quiet period, otherwise after a delay, so that many events are sent in one write.
  private func published() {
    guard let loop, passTimer == nil else { return }
    let due = lastPass + Int64(limits.coalesceMilliseconds) * 1_000_000
    if Clock.boot >= due { return pass() }
    passTimer = loop.schedule(at: due) { [weak self] in self?.pass() }
  }

  private func pass() {
    passTimer = nil
    lastPass = Clock.boot
    events.startPass()
    for stream in streams.values { stream.wake() }
    for session in sessions.values { session.pump() }
  }

  /// Called each second.
  func tick(now: Int64) {
    for stream in streams.values { stream.tick(now: now, authorizer: authorizer) }
    for session in sessions.values { session.tick(now: now) }
  }

  // MARK: - Tokens

  private func bind(_ reader: any TokenBound) { bound[reader.validity.consumer, default: [:]][ObjectIdentifier(reader)] = reader }

  private func unbind(_ reader: any TokenBound) {
    let consumer = reader.validity.consumer
    bound[consumer]?[ObjectIdentifier(reader)] = nil
    if bound[consumer]?.isEmpty == true { bound[consumer] = nil }
  }

  /// The original's clients send a renewed token with their requests, but never on their streams.
  func extend(by principal: Principal) {
    guard let readers = bound[principal.consumer] else { return }
    for reader in readers.values { reader.extend(by: principal) }
  }
}
