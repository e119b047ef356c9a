package import PupSystem

/// HTTP on one loop: its listeners, and the service that answers. All calls belong to the loop's thread, or come before it runs.
package final class WebServer: @unchecked Sendable {
  package let loop: EventLoop
  package let service: APIService
  package let limits: WebLimits
  private(set) var listeners: [Listener] = []
  private let stamps = ResponseStamps()
  private var sweepTimer: Timer?

  package init(loop: EventLoop, service: APIService, limits: WebLimits = WebLimits()) {
    self.loop = loop
    self.service = service
    self.limits = limits
  }

  /// Serves a socket that listens already, and owns it from now on. Each listener has connections of its own: a flood on one
  /// leaves the other one usable.
  /// - Parameters:
  ///   - isLocal: it is a unix socket.
  ///   - certificate: speaks TLS 1.2 or newer with it.
  package func listen(on descriptor: Int32, isLocal: Bool, certificate: TLSCertificate? = nil) throws(WebServerError) {
    listeners.append(
      try Listener(
        descriptor: descriptor, isLocal: isLocal, certificate: certificate, service: service, stamps: stamps, limits: limits,
        on: loop))
    if sweepTimer == nil {
      service.start(on: loop)
      service.listenerMetrics = { [weak self] in ListenerMetrics(self?.listeners ?? []).text }
      scheduleSweep()
    }
  }

  /// Ends every stream and connection.
  package func stop() {
    if let sweepTimer { loop.cancel(sweepTimer) }
    sweepTimer = nil
    service.stop()
    for listener in listeners { listener.stop() }
    listeners = []
  }

  package var connectionCount: Int { listeners.reduce(0) { $0 + $1.connections.count } }

  private func scheduleSweep() {
    sweepTimer = loop.schedule(at: Clock.boot + 1_000_000_000) { [weak self] in
      guard let self else { return }
      let now = Clock.boot
      for listener in listeners { listener.sweep(now: now) }
      service.tick(now: now)
      scheduleSweep()
    }
  }
}
