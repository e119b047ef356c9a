internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupSystem

/// A listening socket and its connections. Belongs to the loop's thread.
///
/// Full is a state that ends: a new connection takes the place of the oldest one that has asked for nothing; where there is none,
/// it is turned away at once. Streams have places of their own, and every listener has its own places.
final class Listener: @unchecked Sendable {
  /// Accepted in one turn: the requests of those that are there go on in between.
  private static let mostAccepted = 64
  /// Accepting rests where the process has no descriptors left.
  private static let restNanoseconds: Int64 = 100_000_000
  /// Of the process's descriptors, for the requests or the streams of one listener: programs and logs need the others.
  private static let share = 8

  let loop: EventLoop
  let limits: WebLimits
  /// A unix socket: its file's mode says who may come, names in Host do not matter.
  let isLocal: Bool
  let service: APIService
  let stamps: ResponseStamps
  var counts = ConnectionCounts()
  private let descriptor: Int32
  private let tls: TLSContext?
  private let places: Int
  private let streamPlaces: Int
  private var registration: Registration?
  private var restTimer: Timer?
  private(set) var connections: [ObjectIdentifier: ClientConnection] = [:]

  /// Takes the descriptor over.
  init(
    descriptor: Int32, isLocal: Bool, certificate: TLSCertificate?, service: APIService, stamps: ResponseStamps,
    limits: WebLimits,
    on loop: EventLoop
  ) throws(WebServerError) {
    self.loop = loop
    self.limits = limits
    self.isLocal = isLocal
    self.service = service
    self.stamps = stamps
    self.descriptor = descriptor
    _ = pup_set_nonblocking(descriptor, true)
    tls = certificate?.context
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    _ = pup_open_file_limits(&soft, &hard)
    let most = max(Int(clamping: soft) / Self.share, 16)
    places = min(limits.connections, most)
    streamPlaces = min(limits.streams, most)
    do throws(SystemError) {
      registration = try loop.register(descriptor, .read) { [weak self] _ in self?.accept() }
    } catch {
      Glibc.close(descriptor)
      throw WebServerError("\(error)")
    }
  }

  // MARK: - Who comes

  private func accept() {
    for _ in 0..<Self.mostAccepted {
      let client = pup_accept(descriptor)
      guard client >= 0 else {
        switch -client {
        case EINTR, ECONNABORTED: continue
        case EMFILE:
          // The descriptor of one that can be spared, if there is one.
          if !makeRoom() { rest() }
        case ENFILE, ENOBUFS, ENOMEM:
          // The machine's shortage: one of ours may help, all of them would not.
          _ = makeRoom()
          rest()
        default: break
        }
        return
      }
      admit(client)
    }
  }

  private func admit(_ client: Int32) {
    guard requestCount < places || makeRoom() else { return turnAway(client) }
    var session: TLSSession?
    if let tls {
      session = TLSSession(tls)
      guard session != nil else { return turnAway(client) }
    }
    if !isLocal {
      var on: Int32 = 1
      setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    let connection = ClientConnection(ClientSocket(client, tls: session), listener: self)
    counts.opened += 1
    connections[ObjectIdentifier(connection)] = connection
    if !connection.open() { connection.close() }
  }

  /// Everybody who is there is being served.
  private func turnAway(_ client: Int32) {
    counts.refused += 1
    if tls == nil {
      let error = HTTPResponse.error(PupError(.unavailable, "too many connections at once; try again in a second"))
      if case .bytes(let body, _) = error.content {
        let text =
          error.head(.length(body.count), isLast: true, date: stamps.date, requestID: stamps.nextRequestID(), shared: nil)
          + body
        _ = send(client, text, text.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      }
    }
    Glibc.close(client)
  }

  /// Cuts the oldest connection that can best be spared. False where there is none.
  private func makeRoom() -> Bool {
    var found: (rank: Int, since: Int64, connection: ClientConnection)?
    for connection in connections.values {
      guard let rank = connection.expendability else { continue }
      let since = connection.quietSince
      if let best = found, (best.rank, best.since) <= (rank, since) { continue }
      found = (rank, since, connection)
    }
    guard let found else { return false }
    counts.crowdedOut += 1
    found.connection.close()
    return true
  }

  private func rest() {
    guard let registration, restTimer == nil else { return }
    try? loop.modify(registration, [])
    restTimer = loop.schedule(at: Clock.boot + Self.restNanoseconds) { [weak self] in
      guard let self else { return }
      restTimer = nil
      if let registration = self.registration { try? loop.modify(registration, .read) }
    }
  }

  // MARK: - Who is there

  /// Of those, streams and WebSockets.
  var streamCount: Int { connections.values.count { $0.isStream } }
  private var requestCount: Int { connections.count - (connections.count < places ? 0 : streamCount) }

  /// Before a stream is begun.
  func checkStreamPlace() throws(PupError) {
    guard streamCount < streamPlaces else {
      counts.refusedStreams += 1
      throw PupError(.unavailable, "all \(streamPlaces) places for streams of this address are taken")
    }
  }

  func closed(_ connection: ClientConnection) { connections[ObjectIdentifier(connection)] = nil }

  func sweep(now: Int64) {
    for connection in Array(connections.values) { connection.tick(now: now) }
  }

  /// Accepts nobody any more and cuts every connection; what was said to streams before is with the kernel.
  func stop() {
    if let restTimer { loop.cancel(restTimer) }
    restTimer = nil
    if let registration { loop.deregister(registration) }
    registration = nil
    for connection in Array(connections.values) { connection.close() }
    Glibc.close(descriptor)
  }

  func seconds(_ count: Int) -> Int64 { Int64(count) * 1_000_000_000 }
}
