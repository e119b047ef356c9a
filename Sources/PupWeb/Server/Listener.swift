internal import CLinux
internal import CMicroHTTPD
internal import Glibc
internal import PupAPI
internal import PupSystem

/// A listening socket and its connections: libmicrohttpd, whose epoll descriptor is one of our loop's. Belongs to the loop's thread.
final class Listener: @unchecked Sendable {
  /// Enough for two batches of events.
  private static let lastTurns = 16

  let loop: EventLoop
  let limits: WebLimits
  /// A unix socket: its file's mode says who may come, names in Host do not matter.
  let isLocal: Bool
  unowned let server: WebServer
  private var daemon: OpaquePointer?
  private var registration: Registration?
  private var isRunPosted = false
  private var isStopping = false
  var connections: [ObjectIdentifier: ClientConnection] = [:]

  /// Takes the descriptor over.
  init(
    descriptor: Int32, isLocal: Bool, certificate: TLSCertificate?, connections: Int, server: WebServer
  ) throws(WebServerError) {
    loop = server.loop
    limits = server.limits
    self.isLocal = isLocal
    self.server = server
    _ = pup_set_nonblocking(descriptor, true)
    // When it cannot start, libmicrohttpd has closed its socket in some cases and not in others: it gets a copy.
    defer { close(descriptor) }
    let copy = pup_duplicate(descriptor, 3)
    guard copy >= 0 else { throw WebServerError("\(SystemError("dup", errno: -copy))") }
    let context = Unmanaged.passUnretained(self).toOpaque()
    daemon = Self.start(copy, context, certificate, connections, limits)
    guard let daemon else {
      throw WebServerError(
        certificate == nil
          ? "libmicrohttpd cannot serve this socket"
          : "the certificate or its key cannot be used: both must be PEM and belong together")
    }
    do throws(SystemError) {
      registration = try loop.register(pup_mhd_epoll(daemon), .read) { [weak self] _ in self?.run() }
    } catch {
      MHD_stop_daemon(daemon)
      self.daemon = nil
      throw WebServerError("\(error)")
    }
  }

  private static func start(
    _ descriptor: Int32, _ context: UnsafeMutableRawPointer, _ certificate: TLSCertificate?, _ connections: Int,
    _ limits: WebLimits
  ) -> OpaquePointer? {
    var settings = pup_mhd_settings(
      listener: descriptor, connections: UInt32(connections), memory_per_connection: limits.headerBytes + limits.pathBytes + 8192,
      context: context, access: accessCallback, completed: completedCallback, connection: connectionCallback, uri: uriCallback,
      certificate: nil, key: nil)
    guard let certificate else { return pup_mhd_start(&settings) }
    return certificate.certificate.withCString { text in
      certificate.key.withCString { key in
        settings.certificate = text
        settings.key = key
        return pup_mhd_start(&settings)
      }
    }
  }

  // MARK: - Turns

  func run() {
    guard let daemon else { return }
    MHD_run(daemon)
    if pup_mhd_has_more(daemon) { runSoon() }
  }

  /// After the current handler; libmicrohttpd must not be entered twice.
  func runSoon() {
    guard !isRunPosted else { return }
    isRunPosted = true
    loop.post { [weak self] in
      self?.isRunPosted = false
      self?.run()
    }
  }

  /// Cuts what has taken too long. A socket that is shut down is reported by epoll, and libmicrohttpd cleans up.
  func sweep(now: Int64) {
    for connection in connections.values {
      // libmicrohttpd does not look at a connection while its answer is worked on.
      if let presence = connection.exchange?.presence, connection.hasEnded { presence.leave() }
    }
    for connection in connections.values where connection.deadline <= now || connection.isAbandoned {
      shutdown(connection.socket, Int32(SHUT_RDWR))
      connection.exchange?.resume()
    }
  }

  /// Sends what is on its way, as far as the sockets take it at once, and cuts every connection.
  func stop() {
    guard let daemon else { return }
    isStopping = true
    // A turn moves a connection by one buffer at the most.
    for _ in 0..<Self.lastTurns {
      for connection in connections.values { connection.exchange?.resume() }
      MHD_run(daemon)
    }
    // libmicrohttpd ends the process when it is stopped with suspended connections.
    for connection in connections.values {
      shutdown(connection.socket, Int32(SHUT_RDWR))
      connection.exchange?.resume()
    }
    MHD_run(daemon)
    if let registration { loop.deregister(registration) }
    registration = nil
    self.daemon = nil
    MHD_stop_daemon(daemon)
  }

  // MARK: - What libmicrohttpd reports

  func opened(_ handle: OpaquePointer) -> ClientConnection {
    let connection = ClientConnection(
      handle: handle, socket: pup_mhd_socket(handle), deadline: Clock.boot + seconds(limits.headSeconds))
    connections[ObjectIdentifier(connection)] = connection
    return connection
  }

  func closed(_ connection: ClientConnection) {
    connections[ObjectIdentifier(connection)] = nil
    completed(connection)
  }

  func completed(_ connection: ClientConnection) {
    connection.deadline = Clock.boot + seconds(limits.idleSeconds)
    connection.target = []
    guard let exchange = connection.exchange else { return }
    connection.exchange = nil
    exchange.presence?.leave()
    exchange.phase = .closed
  }

  func access(_ connection: ClientConnection, _ head: RequestHead) -> MHD_Result {
    connection.deadline = Clock.boot + seconds(limits.bodySeconds)
    let id = server.nextRequestID()
    do throws(PupError) {
      let request = try head.request(id: id, isLocal: isLocal, limits: limits)
      let exchange = Exchange(request: request, handle: connection.handle, listener: self)
      connection.exchange = exchange
      server.service.admit(exchange)
      if let length = request.headers["content-length"], (Int(length) ?? .max) > limits.bodyBytes {
        throw PupError(.bodyTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
      }
      return .YES
    } catch {
      // Where the request ends is not sure: the connection ends with this answer.
      var response = HTTPResponse.error(error)
      response.headers.append(("Connection", "close"))
      response.headers.append(("X-Request-Id", id))
      let exchange =
        connection.exchange
        ?? Exchange(
          request: HTTPRequest(
            id: id, method: head.method, host: "", path: "", segments: [], query: [], headers: head.headers, isLocal: isLocal),
          handle: connection.handle, listener: self)
      connection.exchange = exchange
      return send(response, of: exchange, on: connection)
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, _ exchange: Exchange) -> MHD_Result {
    guard exchange.refusal == nil else {
      exchange.discarded += bytes.count
      return exchange.discarded <= 1 << 20 ? .YES : .NO
    }
    guard exchange.request.body.count + bytes.count <= limits.bodyBytes else {
      exchange.refusal = PupError(.bodyTooLarge, "the body is larger than \(limits.bodyBytes) bytes")
      exchange.request.body = []
      return .YES
    }
    exchange.request.body.append(contentsOf: bytes)
    return .YES
  }

  /// The request is complete, or the connection was resumed.
  func proceed(_ exchange: Exchange, _ connection: ClientConnection) -> MHD_Result {
    if case .receiving = exchange.phase {
      exchange.phase = .handling
      connection.deadline = .max
      server.service.handle(exchange)
    }
    switch exchange.phase {
    case .answered(let response): return send(response, of: exchange, on: connection)
    case .receiving, .handling:
      guard !isStopping else { return .NO }
      exchange.suspend()
      return .YES
    case .sent, .closed: return .NO
    }
  }

  func seconds(_ count: Int) -> Int64 { Int64(count) * 1_000_000_000 }
}
