internal import PupAPI
internal import Synchronization

/// The client's only connection to `/events`: reconnects by itself, resumes where it stopped, and reports if that is impossible.
final class EventStream: Sendable {
  /// The events that the server sends by default.
  static let ordinary = Set(EventName.known.filter { $0 != .applicationState })

  struct State {
    var queues: [UInt64: EventQueue] = [:]
    var nextQueue: UInt64 = 1
    var runner: Task<Void, Never>?
    var isClosed = false

    // The connection.
    var transfer: UInt64?
    /// The events requested on the current connection.
    var asked: Set<EventName>?
    /// The revision of the token that the connection currently uses.
    var tokenRevision: UInt64 = 0
    var streamID: String?
    var sleeper: Task<Void, Never>?
    /// The next connection can be made without delay.
    var isUrgent = false
    var isConnected = false
    var toldProblem: PupError?
    var reconnection: Reconnection
    var hasEnded = false
  }

  /// The reading state of the engine's thread.
  struct Reading {
    var parser = SSEParser()
    var last: EventID?
    /// A new epoch has been reported, or the server has reported what is missing.
    var hasToldLoss = false
    var problem: PupError?
  }

  let engine: TransferEngine
  let endpoint: Endpoint
  let options: PupClientOptions
  let token: @Sendable () -> ClientToken
  let state: Mutex<State>
  let reading = Mutex(Reading())

  init(engine: TransferEngine, endpoint: Endpoint, options: PupClientOptions, token: @escaping @Sendable () -> ClientToken) {
    self.engine = engine
    self.endpoint = endpoint
    self.options = options
    self.token = token
    state = Mutex(
      State(reconnection: Reconnection(shortest: options.reconnectDelay, longest: options.longestReconnectDelay)))
  }

  // MARK: Readers

  /// - Parameter types: nil for all except `application_state`, which must be named explicitly.
  func subscribe(_ types: Set<EventName>?) -> (number: UInt64, queue: EventQueue) {
    let queue = EventQueue(types: types, capacity: options.eventBuffer)
    let number = state.withLock { state in
      let number = state.nextQueue
      state.nextQueue += 1
      if state.isClosed { queue.finish() } else { state.queues[number] = queue }
      return number
    }
    start()
    askForMore()
    return (number, queue)
  }

  func unsubscribe(_ number: UInt64) {
    state.withLock { $0.queues.removeValue(forKey: number) }?.finish()
  }

  func tell(_ event: PupEvent) {
    for queue in state.withLock({ Array($0.queues.values) }) { queue.add(event) }
  }

  static func names(_ queues: some Collection<EventQueue>) -> Set<EventName> {
    queues.isEmpty ? ordinary : queues.reduce(into: []) { $0.formUnion($1.types ?? ordinary) }
  }

  /// Reconnects if the connection does not deliver what a new reader wants.
  private func askForMore() {
    let outdated = state.withLock { state -> UInt64? in
      guard let asked = state.asked, !Self.names(state.queues.values).isSubset(of: asked) else { return nil }
      state.isUrgent = true
      return state.transfer
    }
    if let outdated { engine.cancel(outdated) }
  }

  // MARK: Life cycle

  func start() {
    state.withLock { state in
      guard state.runner == nil, !state.isClosed else { return }
      state.runner = Task { await run() }
    }
  }

  func close() {
    let (queues, transfer, sleeper) = state.withLock { state in
      state.isClosed = true
      defer { state.queues = [:] }
      return (Array(state.queues.values), state.transfer, state.sleeper)
    }
    if let transfer { engine.cancel(transfer) }
    sleeper?.cancel()
    for queue in queues { queue.finish() }
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// There is a fresh token: prolongs the connection in place, or reconnects immediately if the old token was refused.
  func tokenChanged() {
    let sleeper = state.withLock { state in
      if state.sleeper != nil { state.isUrgent = true }
      return state.sleeper
    }
    sleeper?.cancel()
    prolongIfOutdated()
  }

  /// Passes the token in use to the open connection if that was made with the previous
  /// one. This is only possible, and done, once the stream has announced its id.
  func prolongIfOutdated() {
    let token = token()
    let streamID = state.withLock { state -> String? in
      guard state.isConnected, let streamID = state.streamID, state.tokenRevision < token.revision else { return nil }
      state.tokenRevision = token.revision
      return streamID
    }
    guard let streamID else { return }
    Task { await prolong(streamID, token) }
  }

  private func prolong(_ streamID: String, _ token: ClientToken) async {
    let request = HTTPRequest(
      method: .post, endpoint: endpoint, target: "/events/\(PercentEncoding.segment(streamID))/auth",
      headers: [("Authorization", "Bearer \(token.text)")], timeout: options.timeout,
      certificateAuthority: options.certificateAuthority)
    if case .success(let answer) = await engine.answer(to: request), (200..<300).contains(answer.status) { return }
    // A new connection uses the fresh token as well.
    let transfer = state.withLock { state -> UInt64? in
      guard state.streamID == streamID else { return nil }
      state.isUrgent = true
      return state.transfer
    }
    if let transfer { engine.cancel(transfer) }
  }

  // MARK: Connections

  private func run() async {
    while !isClosed {
      let used = token()
      let outcome = await connect(used)
      let hasFreshToken = token().revision != used.revision
      let (delay, problem) = ended(outcome, hasFreshToken: hasFreshToken)
      if let problem { tell(.disconnected(problem)) }
      if let delay { await pause(delay, unlessReplaced: used) }
    }
  }

  private func connect(_ token: ClientToken) async -> Transfer.Outcome {
    let last = reading.withLock { reading in
      // An event that was cut in the middle is sent again.
      reading.parser = SSEParser(lastID: reading.parser.lastID)
      reading.hasToldLoss = false
      reading.problem = nil
      return reading.parser.lastID
    }
    let names = state.withLock { state in
      state.isUrgent = false
      let names = Self.names(state.queues.values)
      (state.asked, state.tokenRevision) = (names, token.revision)
      return names
    }
    var headers = [("Accept", "text/event-stream"), ("Cache-Control", "no-store")]
    if !token.text.isEmpty { headers.append(("Authorization", "Bearer \(token.text)")) }
    if !last.isEmpty { headers.append(("Last-Event-ID", last)) }
    let types = names == Self.ordinary ? "" : "?types=" + names.map(\.rawValue).sorted().joined(separator: ",")
    let request = HTTPRequest(
      method: .get, endpoint: endpoint, target: "/events" + types, headers: headers, timeout: nil,
      connectTimeout: options.timeout, silence: options.streamSilence, expectedType: "text/event-stream",
      certificateAuthority: options.certificateAuthority)
    return await withCheckedContinuation { continuation in
      let transfer = Transfer(request, receive: { [weak self] in self?.received($0) ?? false }) {
        continuation.resume(returning: $0)
      }
      let number = engine.start(transfer)
      let isUnwanted = state.withLock { state in
        state.transfer = number
        // Requested while the connection was being made.
        return state.isClosed || state.isUrgent
      }
      if isUnwanted { engine.cancel(number) }
    }
  }

  /// - Returns: how long to wait, nil for no wait; and the error to report to readers.
  private func ended(_ outcome: Transfer.Outcome, hasFreshToken: Bool) -> (Duration?, PupError?) {
    let (problem, retry) = reading.withLock { ($0.problem, $0.parser.retry) }
    return state.withLock { state in
      state.transfer = nil
      state.asked = nil
      state.streamID = nil
      let wasConnected = state.isConnected
      if state.isClosed { return (nil, nil) }
      if state.isUrgent { return (nil, nil) }
      let error = problem ?? Self.error(of: outcome, endpoint)
      state.isConnected = false
      if let retry { state.reconnection.use(milliseconds: retry) }
      // The refusal of a token that has since been replaced says nothing about the new one.
      if hasFreshToken, error.code == .unauthorized { return (nil, nil) }
      let isNew = wasConnected || state.toldProblem != error
      state.toldProblem = error
      return (state.reconnection.delay(random: Double.random(in: 0..<1)), isNew ? error : nil)
    }
  }

  private static func error(of outcome: Transfer.Outcome, _ endpoint: Endpoint) -> PupError {
    switch outcome {
    case .failure(let failure): failure.error(at: endpoint)
    case .success(let answer):
      answer.status == 200
        ? PupError(.notReachable, "\(endpoint) ended the event stream") : PupError(status: answer.status, body: answer.body)
    }
  }

  private func pause(_ delay: Duration, unlessReplaced used: ClientToken) async {
    let sleeper = Task { _ = try? await Task.sleep(for: delay) }
    let isNeeded = state.withLock { state in
      state.sleeper = sleeper
      return !state.isClosed && !state.isUrgent
    }
    // A replacement of the token before the sleeper existed could not wake it: `tokenChanged` is called after the replacement and
    // either finds the sleeper or was too early, in which case the replacement is noticed here.
    if !isNeeded || token().revision != used.revision { sleeper.cancel() }
    await sleeper.value
    state.withLock { $0.sleeper = nil }
  }
}
