internal import PupAPI
internal import PupSystem
package import PupTokens

/// What stands behind the listeners: routes, authorization, streams. Belongs to the loop's thread once it is started.
package final class APIService: @unchecked Sendable {
  package struct Settings: Sendable {
    /// Names in `Host` besides localhost and addresses.
    package var allowedHosts: [String] = []
    /// Origins of pages that may call from a browser.
    package var allowedOrigins: [String] = []
    package var version = ""
    package var limits = WebLimits()

    package init() {}
  }

  let backend: any APIBackend
  let authorizer: Authorizer
  let events: EventBus
  let settings: Settings
  let hostCheck: HostCheck
  private(set) var loop: EventLoop?
  private(set) lazy var processList: Coalescer<ProcessListing> = coalescer { [backend] receive in
    backend.processes { receive(ProcessListing($0)) }
  }
  private(set) lazy var backendMetrics = coalescer { [backend] in backend.metrics($0) }
  private(set) lazy var applicationState = coalescer { [backend] in backend.state($0) }
  private(set) lazy var openAPI = Array(OpenAPIDocument(routes: RouteTable.all, version: settings.version).json.jsonBytes)
  var metrics = RouteMetrics()
  var streams: [String: EventStream] = [:]
  var sessions: [ObjectIdentifier: WebSocketSession] = [:]
  private var lastPass: Int64 = 0
  private var passTimer: Timer?
  /// Answers to failed authentications that are held back now.
  var heldRefusals = 0

  package init(backend: any APIBackend, authorizer: Authorizer, events: EventBus, settings: Settings = Settings()) {
    self.backend = backend
    self.authorizer = authorizer
    self.events = events
    self.settings = settings
    hostCheck = HostCheck(allowed: settings.allowedHosts, origins: settings.allowedOrigins)
  }

  func start(on loop: EventLoop) {
    self.loop = loop
    events.onPublish { [weak self, loop] in loop.post { [weak self] in self?.published() } }
  }

  func stop() {
    events.onPublish(nil)
    for stream in streams.values { stream.end(event: "closed", reason: "pup stops") }
    for session in sessions.values { session.stop() }
  }

  private func coalescer<Value>(_ ask: @escaping (@escaping @Sendable (Value) -> Void) -> Void) -> Coalescer<Value> {
    Coalescer(post: { [weak self] job in self?.post(job) }, ask: ask)
  }

  func post(_ job: @escaping @Sendable () -> Void) { loop?.post(job) }

  // MARK: - Streams

  /// At once when it was quiet; else after a while, so that many events go out in one write.
  private func published() {
    guard let loop, passTimer == nil else { return }
    let due = lastPass + Int64(settings.limits.coalesceMilliseconds) * 1_000_000
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

  /// Each second.
  func tick(now: Int64) {
    for stream in streams.values { stream.tick(now: now, authorizer: authorizer) }
    for session in sessions.values { session.tick(now: now) }
  }

  func upgraded(_ exchange: Exchange, socket: Int32, handle: OpaquePointer, early: [UInt8]) {
    guard let principal = exchange.principal else { return }
    let session = WebSocketSession(
      exchange: exchange, principal: principal, socket: socket, handle: handle, early: early, bus: events,
      authorizer: authorizer, limits: settings.limits
    ) { [weak self] session in self?.sessions[ObjectIdentifier(session)] = nil }
    sessions[ObjectIdentifier(session)] = session
    session.start()
  }
}
