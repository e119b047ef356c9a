import Glibc
import Synchronization
import Testing

/// A request as received by the server.
struct ReceivedRequest: Sendable {
  var method: String
  /// Path and query, unchanged.
  var target: String
  /// With lowercase names.
  var headers: [String: String]
  var body: String
  /// The connection's number, from 0.
  var connection: Int

  var path: String { String(target.prefix { $0 != "?" }) }
}

/// An HTTP server for one test: a real socket, a thread per connection, and a handler that may misbehave as it likes.
final class ScriptedServer: Sendable {
  typealias Handler = @Sendable (ReceivedRequest, ServedConnection) -> Void

  private struct State {
    var requests: [ReceivedRequest] = []
    var connections = 0
    var open: Set<Int32> = []
    var isStopped = false
  }

  let address: String
  let port: UInt16
  private let listener: Int32
  private let socketPath: String?
  private let handler: Handler
  private let state = Mutex(State())

  /// - Parameter socketPath: a Unix socket instead of a port.
  init(socketPath: String? = nil, _ handler: @escaping Handler) throws {
    self.handler = handler
    self.socketPath = socketPath
    if let socketPath {
      listener = try Self.bind(path: socketPath)
      (address, port) = ("unix://\(socketPath)", 0)
    } else {
      (listener, port) = try Self.bindToLoopback()
      address = "http://127.0.0.1:\(port)"
    }
    try #require(listen(listener, 64) == 0)
    let server = Unmanaged.passUnretained(self)
    let descriptor = listener
    startThread { while Self.accept(descriptor, server) {} }
  }

  private static func bind(path: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_un()
    place.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path.utf8) }
    let isBound = withUnsafePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
    try #require(isBound)
    return listener
  }

  private static func bindToLoopback() throws -> (Int32, UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &place) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isBound)
    return (listener, UInt16(bigEndian: place.sin_port))
  }

  deinit { stop() }

  func stop() {
    let open = state.withLock { state -> Set<Int32>? in
      if state.isStopped { return nil }
      state.isStopped = true
      for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
      return state.open
    }
    guard open != nil else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    if let socketPath { unlink(socketPath) }
  }

  var requests: [ReceivedRequest] { state.withLock { $0.requests } }

  // MARK: -

  private static func accept(_ listener: Int32, _ server: Unmanaged<ScriptedServer>) -> Bool {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else { return false }
    let strong = server.takeUnretainedValue()
    let number = strong.state.withLock { state in
      state.open.insert(descriptor)
      defer { state.connections += 1 }
      return state.connections
    }
    startThread {
      let connection = ServedConnection(descriptor)
      while var request = connection.readRequest() {
        request.connection = number
        strong.state.withLock { $0.requests.append(request) }
        strong.handler(request, connection)
        if connection.isClosed { break }
      }
      strong.state.withLock { _ = $0.open.remove(descriptor) }
      close(descriptor)
    }
    return true
  }
}

/// Runs `body` on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) {
  final class Box: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body))
  pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}
