internal import CLinux
internal import PupAPI
internal import PupSystem

/// A client's connection: its requests one after the other, then perhaps a stream or a WebSocket. Belongs to the loop's thread.
///
/// Its properties are the state of one exchange at a time: what has been read, what is to be written, and which deadline runs.
final class ClientConnection: @unchecked Sendable {
  enum Phase {
    /// A request is on its way, or the next one is waited for.
    case reading
    /// Somebody works on the answer.
    case working
    /// The answer is on its way.
    case sending
    case streaming(any BodySource)
    /// Another protocol reads and writes the socket itself.
    case upgraded(any UpgradedConnection)
    /// Everything is sent; what the client still sends is thrown away, so that the kernel does not destroy the answer on its way.
    case leaving
    case closed
  }

  /// While nothing is sent to a client that has been answered for the last time.
  private static let leaveSeconds: Int64 = 2
  /// How long an answer may take before its client can be spared for another.
  private static let patience: Int64 = 30_000_000_000
  private static let mostThrownAway = 4 << 20
  private static let mostDiscarded = 1 << 20
  /// A stream is asked for more when less than this waits for its client.
  private static let streamAhead = 16 << 10

  let socket: ClientSocket
  unowned let listener: Listener
  private(set) var phase = Phase.reading
  /// The connection is cut then (CLOCK_BOOTTIME, nanoseconds).
  private(set) var deadline: Int64
  /// Since when nothing has come of it, or since it was opened.
  private(set) var quietSince = Clock.boot
  private(set) var requests = 0
  private(set) var exchange: Exchange?
  private var framing: RequestFraming
  private var registration: Registration?
  private var awaited: Readiness = .read
  private var isAdvancing = false
  private var isLastAnswer = false
  private var hasEnded = false
  private var thrownAway = 0
  private var sendingSince: Int64 = 0

  init(_ socket: ClientSocket, listener: Listener) {
    self.socket = socket
    self.listener = listener
    framing = RequestFraming(limits: listener.limits)
    deadline = Clock.boot + listener.seconds(listener.limits.headSeconds)
  }

  /// False where there is no memory for one more.
  func open() -> Bool {
    registration = try? listener.loop.register(socket.descriptor, .read) { [weak self] readiness in self?.ready(readiness) }
    guard registration != nil else { return false }
    // A client that speaks at once is heard before others that came with it can make it the oldest silent one.
    ready(.read)
    return true
  }

  // MARK: - Whether it can be spared

  /// Streams and WebSockets have places of their own.
  var isStream: Bool {
    switch phase {
    case .streaming, .upgraded: true
    default: false
    }
  }

  /// Nobody is harmed where it is cut: the lower, the less. Nil where somebody works for it.
  var expendability: Int? {
    switch phase {
    case .leaving: 0
    case .reading where exchange != nil: 3
    case .reading: requests == 0 ? 1 : 2
    // It takes its answer in drops, or not at all.
    case .sending where Clock.boot - sendingSince > Self.patience: 4
    default: nil
    }
  }

  // MARK: - Turns

  private func ready(_ readiness: Readiness) {
    switch phase {
    case .reading, .working, .leaving:
      // What TLS, or "100 Continue", had to say and could not at once.
      guard readiness.contains(.write), socket.pending > 0 else { break }
      guard socket.flush() else { return close() }
      awaitClient()
    case .sending, .streaming, .upgraded, .closed: break
    }
    switch phase {
    case .reading: read()
    case .leaving: throwAway()
    case .streaming:
      if !readiness.isDisjoint(with: [.read, .hangUp, .error]) { throwAway() }
      pump()
    case .sending:
      if !readiness.isDisjoint(with: [.hangUp, .error]) { return close() }
      flush()
    case .working:
      // Nobody is there to take the answer.
      if !readiness.isDisjoint(with: [.hangUp, .error]) { close() }
    case .upgraded, .closed: break
    }
  }

  private func read() {
    var bytes: [UInt8] = []
    switch socket.receive(&bytes) {
    case .bytes(0):
      return awaitClient()
    case .bytes:
      framing.append(bytes)
      advance()
    case .end:
      hasEnded = true
      advance()
    }
  }

  /// What comes behind the last request, or beside a stream.
  private func throwAway() {
    var bytes: [UInt8] = []
    guard case .bytes(let count) = socket.receive(&bytes) else { return close() }
    thrownAway += count
    if thrownAway > Self.mostThrownAway { close() }
  }

  /// Looks at what has come, until more is needed or an answer has to be waited for.
  private func advance() {
    guard !isAdvancing else { return }
    isAdvancing = true
    defer { isAdvancing = false }
    while case .reading = phase {
      do throws(RequestRefusal) {
        switch try framing.next() {
        case .more:
          // A client that leaves in the middle of a request gets no answer; one that has had its answers neither.
          return hasEnded ? close() : awaitClient()
        case .head(let head): begin(head)
        case .body(let bytes): received(bytes)
        case .end: work()
        }
      } catch {
        refuse(error, nil)
      }
    }
    awaitClient()
  }

  private func awaitClient() {
    var wanted: Readiness = []
    switch phase {
    case .reading, .leaving, .streaming: wanted.insert(.read)
    case .working, .sending, .upgraded, .closed: break
    }
    if socket.pending > 0 { wanted.insert(.write) }
    guard wanted != awaited, let registration else { return }
    awaited = wanted
    try? listener.loop.modify(registration, wanted)
  }

  // MARK: - Requests

  private func begin(_ head: RequestHead) {
    requests += 1
    quietSince = Clock.boot
    deadline = quietSince + listener.seconds(listener.limits.bodySeconds)
    let limits = listener.limits
    let request: HTTPRequest
    do throws(PupError) {
      request = try head.request(id: listener.stamps.nextRequestID(), isLocal: listener.isLocal, limits: limits)
    } catch {
      return refuse(RequestRefusal(error), head)
    }
    let exchange = Exchange(request: request, connection: self)
    self.exchange = exchange
    listener.service.admit(exchange)
    let body = (try? head.body()) ?? .none
    // What is behind a body that nobody wanted is not looked at.
    isLastAnswer = !request.keepsConnection || exchange.refusal != nil && body != .length(0) && body != .none
    if case .length(let count) = body, count > limits.bodyBytes {
      return refuse(RequestRefusal(Self.bodyTooLarge(limits)), head)
    }
    if !request.isOld, request.headers["expect"]?.lowercased() == "100-continue", framing.waiting == 0, body != .none,
      body != .length(0)
    {
      // Refused before the client sends it all.
      guard exchange.refusal == nil else {
        isLastAnswer = true
        return work()
      }
      socket.enqueue(HTTPResponse.goOn)
      if !socket.flush() { close() }
    }
  }

  private static func bodyTooLarge(_ limits: WebLimits) -> PupError {
    PupError(.bodyTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
  }

  private func received(_ bytes: ArraySlice<UInt8>) {
    guard let exchange else { return }
    guard exchange.refusal == nil else {
      exchange.discarded += bytes.count
      if exchange.discarded > Self.mostDiscarded { close() }
      return
    }
    guard exchange.request.body.count + bytes.count <= listener.limits.bodyBytes else {
      exchange.refusal = Self.bodyTooLarge(listener.limits)
      exchange.request.body = []
      isLastAnswer = true
      return
    }
    exchange.request.body.append(contentsOf: bytes)
  }

  /// The request is whole.
  private func work() {
    // Nothing to work on is a state that no more bytes would end.
    guard let exchange else { return close() }
    phase = .working
    deadline = .max
    exchange.phase = .handling
    listener.service.handle(exchange)
  }

  /// Where the request ends is not sure, or it is too large: one answer, and the connection ends with it.
  private func refuse(_ refusal: RequestRefusal, _ head: RequestHead?) {
    let refused =
      exchange
      ?? Exchange(
        request: HTTPRequest(
          id: listener.stamps.nextRequestID(), method: head?.method ?? "-", host: "", path: "", segments: [], query: [],
          headers: head?.headers ?? HTTPHeaders(), isLocal: listener.isLocal), connection: self)
    exchange = refused
    isLastAnswer = true
    var response = HTTPResponse.error(refusal.error)
    response.status = refusal.status
    refused.phase = .handling
    respond(response, to: refused)
  }

  // MARK: - Answers

  /// Once for each request: a late answer to one before is nobody's.
  func respond(_ response: HTTPResponse, to asked: Exchange) {
    guard let exchange, exchange === asked, case .handling = exchange.phase else { return response.discard() }
    exchange.phase = .sent
    exchange.presence?.leave()
    let isHead = exchange.request.method == "HEAD"
    let date = listener.stamps.date
    let service = listener.service
    func head(_ extent: HTTPResponse.Extent) -> [UInt8] {
      response.head(extent, isLast: isLastAnswer, date: date, requestID: exchange.request.id, shared: exchange.shared)
    }
    switch response.content {
    case .none:
      service.answered(exchange, status: response.status, bytes: 0)
      socket.enqueue(head(.open))
      beginSending()
    case .streamHead:
      service.answered(exchange, status: response.status, bytes: 0)
      socket.enqueue(head(exchange.request.isOld ? .open : .chunks))
      beginSending()
    case .bytes(let body, _):
      service.answered(exchange, status: response.status, bytes: body.count)
      socket.enqueue(head(.length(body.count)))
      if !isHead { socket.enqueue(body) }
      beginSending()
    case .stream(let source) where isHead:
      // Bytes behind the head would be taken for the next answer.
      source.closed()
      service.answered(exchange, status: response.status, bytes: 0)
      socket.enqueue(head(.length(0)))
      beginSending()
    case .stream(let source):
      service.answered(exchange, status: response.status, bytes: 0)
      if exchange.request.isOld { isLastAnswer = true }
      socket.enqueue(head(exchange.request.isOld ? .open : .chunks))
      phase = .streaming(source)
      deadline = .max
      source.begin { [weak self] in self?.pump() }
      pump()
    case .upgrade(let upgrade):
      service.answered(exchange, status: response.status, bytes: 0)
      socket.enqueue(head(.open))
      let upgraded = upgrade.take(socket, listener.loop, framing.takeRest()) { [weak self] in self?.close() }
      phase = .upgraded(upgraded)
      deadline = .max
      if let registration { listener.loop.deregister(registration) }
      registration = nil
      upgraded.start()
    }
    advance()
  }

  private func beginSending() {
    phase = .sending
    sendingSince = Clock.boot
    deadline = sendingSince + listener.seconds(listener.limits.answerSeconds)
    flush()
  }

  private func flush() {
    let before = socket.pending
    guard socket.flush() else { return close() }
    if socket.pending == 0 { return sent() }
    if socket.pending < before { deadline = Clock.boot + listener.seconds(listener.limits.answerSeconds) }
    awaitClient()
  }

  /// The whole answer is with the kernel.
  private func sent() {
    guard case .sending = phase else { return }
    exchange?.phase = .closed
    exchange = nil
    quietSince = Clock.boot
    guard !isLastAnswer else { return leave() }
    deadline = quietSince + listener.seconds(listener.limits.idleSeconds)
    phase = .reading
    framing.beginNext()
    advance()
  }

  private func leave() {
    phase = .leaving
    deadline = Clock.boot + Self.leaveSeconds * 1_000_000_000
    socket.endSending()
    awaitClient()
  }

  // MARK: - Streams

  /// Takes from the stream as fast as the client takes it from us.
  func pump() {
    guard case .streaming(let source) = phase else { return }
    let isChunked = exchange?.request.isOld == false
    while socket.pending < Self.streamAhead {
      guard let bytes = source.next() else { break }
      socket.enqueue(isChunked ? HTTPResponse.chunk(bytes) : bytes)
      let before = socket.pending
      guard socket.flush() else { return close() }
      guard socket.pending == before else { continue }
      // Nothing was taken.
      break
    }
    guard socket.flush() else { return close() }
    if source.isDone, socket.pending < Self.streamAhead {
      if isChunked { socket.enqueue(HTTPResponse.lastChunk) }
      source.closed()
      isLastAnswer = true
      phase = .sending
      deadline = Clock.boot + listener.seconds(listener.limits.answerSeconds)
      return flush()
    }
    watchStream()
    awaitClient()
  }

  /// A client that takes nothing for a while is cut.
  private func watchStream() {
    if socket.pending == 0 {
      deadline = .max
    } else if deadline == .max || socket.taken != taken {
      deadline = Clock.boot + listener.seconds(listener.limits.answerSeconds)
    }
    taken = socket.taken
  }
  private var taken = 0

  // MARK: - Time and end

  /// Each second.
  func tick(now: Int64) {
    // Nothing is read while an answer is worked on.
    if case .working = phase, let presence = exchange?.presence, socket.hasEnded { presence.leave() }
    guard deadline <= now else { return }
    if case .leaving = phase {} else { listener.counts.late += 1 }
    close()
  }

  func close() {
    if case .closed = phase { return }
    let last = phase
    phase = .closed
    if let registration { listener.loop.deregister(registration) }
    registration = nil
    exchange?.presence?.leave()
    exchange?.phase = .closed
    exchange = nil
    switch last {
    case .streaming(let source): source.closed()
    case .upgraded(let upgraded): upgraded.finish()
    default: break
    }
    socket.close()
    listener.closed(self)
  }
}
