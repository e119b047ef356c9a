internal import CLinux
package import PupSystem

/// HTTP on one loop: its listeners, and the service that answers. All calls belong to the loop's thread, or come before it runs.
package final class WebServer: @unchecked Sendable {
  package let loop: EventLoop
  package let service: APIService
  package let limits: WebLimits
  private var listeners: [Listener] = []
  private var sweepTimer: Timer?
  private var requestPrefix: UInt64 = 0
  private var requestCount: UInt64 = 0

  package init(loop: EventLoop, service: APIService, limits: WebLimits = WebLimits()) {
    self.loop = loop
    self.service = service
    self.limits = limits
    _ = withUnsafeMutableBytes(of: &requestPrefix) { $0.baseAddress.map { pup_random($0, 4) } }
    requestPrefix &= 0xFFFF_FFFF
  }

  /// Serves a socket that listens already, and owns it from now on. Each listener has connections of its own: a flood on one leaves
  /// the other one usable.
  /// - Parameters:
  ///   - isLocal: it is a unix socket.
  ///   - certificate: speaks TLS 1.2 or newer with it.
  package func listen(on descriptor: Int32, isLocal: Bool, certificate: TLSCertificate? = nil) throws(WebServerError) {
    listeners.append(
      try Listener(
        descriptor: descriptor, isLocal: isLocal, certificate: certificate, connections: limits.connections, server: self))
    if sweepTimer == nil {
      service.start(on: loop)
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

  /// Unique within the life of this process, and not the same in the next one.
  func nextRequestID() -> String {
    requestCount += 1
    return "\(String(requestPrefix, radix: 36))-\(String(requestCount, radix: 36))"
  }
}
