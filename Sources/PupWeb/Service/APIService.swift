internal import PupAPI
package import PupEvents
internal import PupSystem
package import PupTokens

/// Serves the requests of the listeners: finds their operations and runs them. Belongs to the loop's thread once it is started.
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

  package let services: OperationServices
  let gate: OperationGate
  let settings: Settings
  let hostCheck: HostCheck
  /// May be replaced at any time: the next request is matched by the new router, and requests whose head has been read stay with
  /// the old one. Metrics are kept by the operations' names, and continue.
  package var router = Router(RouteTable.groups) {
    didSet { document = nil }
  }
  private var document: [UInt8]?
  private(set) var loop: EventLoop?
  var metrics = RouteMetrics()
  /// The metrics of the listeners. Set by the server.
  var listenerMetrics: () -> String = { "" }
  /// The number of answers to failed authentications that are currently delayed.
  var heldRefusals = 0

  package init(backend: APIBackend, authorizer: Authorizer, events: EventBus, settings: Settings = Settings()) {
    self.settings = settings
    gate = OperationGate(authorizer: authorizer)
    services = OperationServices(
      backend: backend, streams: OpenStreams(events: events, authorizer: authorizer, limits: settings.limits))
    hostCheck = HostCheck(allowed: settings.allowedHosts, origins: settings.allowedOrigins)
    services.describe = { [weak self] in self?.openAPI ?? [] }
    services.serverMetrics = { [weak self] in self?.metricsText ?? "" }
  }

  func start(on loop: EventLoop) {
    self.loop = loop
    services.start(on: loop)
  }

  func stop() { services.streams.stop() }

  /// Called each second.
  func tick(now: Int64) { services.streams.tick(now: now) }

  /// The OpenAPI document of the current router.
  private var openAPI: [UInt8] {
    if let document { return document }
    let made = OpenAPIDocument(groups: router.groups, version: settings.version).json.jsonBytes
    document = made
    return made
  }
}
