internal import CLinux
internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem
internal import PupWeb

/// Where the interface is listened on: the unix socket, and TCP. What cannot be listened on is tried again, and programs do not
/// wait for it. Belongs to the control loop.
final class Listening {
  private let control: EventLoop
  /// Resolvers and disks are waited for here.
  private let queries: EventLoop
  private let paths: StoragePaths
  private let runtimeDirectory: String
  private let configuration: APIConfiguration
  private let isSafe: Bool
  private let log: ControlSurface.Logger
  /// The TCP port that is listened on; 0 for none.
  private(set) var port: UInt16 = 0
  /// The path of the unix socket; "" for none.
  private(set) var socketPath = ""
  private(set) var sockets: [ListeningPlace] = []
  /// How often the unix socket's file had to be made anew.
  private var remakes = 0
  /// By the names of places; those on which it succeeded have none.
  private var attempts: [String: ListeningAttempts] = [:]
  /// What serves the sockets, on its own loop.
  private var web: (server: WebServer, loop: EventLoop)?

  init(
    _ instance: InstanceDescription, _ paths: StoragePaths, _ configuration: APIConfiguration, isSafe: Bool,
    on control: EventLoop, queries: EventLoop, log: @escaping ControlSurface.Logger
  ) {
    (self.control, self.queries, self.paths, self.configuration) = (control, queries, paths, configuration)
    (runtimeDirectory, self.isSafe, self.log) = (instance.runtimeDirectory, isSafe, log)
  }

  private var me: LoopBound<Listening> { LoopBound(self, to: control) }

  // MARK: Serving

  /// All sockets that there are, and those that come.
  func serve(by server: WebServer, on loop: EventLoop) {
    web = (server, loop)
    for socket in sockets { listen(socket) }
  }

  /// Hands a copy of the socket to the web loop.
  private func listen(_ place: ListeningPlace) {
    guard let (server, loop) = web else { return }
    let copy: Descriptor
    do throws(SystemError) {
      copy = try place.descriptor.duplicate()
    } catch {
      return handedOver(place, "\(error)")
    }
    loop.post { [control, me] in
      var problem: String?
      do throws(WebServerError) {
        try server.listen(on: copy.take(), isLocal: place.isLocal, certificate: place.certificate)
      } catch {
        problem = "\(error)"
      }
      control.post { [problem] in me { $0.handedOver(place, problem) } }
    }
  }

  /// Nothing is tried again.
  func giveUp() {
    for timer in attempts.values.compactMap(\.timer) { control.cancel(timer) }
    attempts = [:]
  }

  // MARK: Opening

  /// Takes the sockets that the keeper has kept for this instance, and makes those that are missing. A port that is taken is
  /// tried again later: programs do not wait for it.
  /// - Parameters:
  ///   - kept: the keeper's descriptors by name; what is used of them stays the keeper's copy.
  ///   - keep: hands a new socket to the keeper.
  func open(kept: [String: Descriptor], keep: @escaping @Sendable (ListeningPlace) -> Void) {
    openLocal(kept, keep)
    if isSafe { return }
    openNetwork(kept[ListeningPlace.network], keep)
  }

  // MARK: The unix socket

  private func openLocal(_ kept: [String: Descriptor], _ keep: @escaping @Sendable (ListeningPlace) -> Void) {
    let old = kept[ListeningPlace.local]
    // A supervisor before this one has chosen, where it has left the socket.
    let chosen = old == nil ? nil : RuntimeFiles.namedSocket(paths)
    let beside = paths.socketFile
    let fits = chosen == nil && beside.utf8.count <= RuntimeFiles.longestSocketPath && (old != nil || !isTaken(beside))
    let path = fits ? beside : chosen ?? remoteSocketPath
    // A file that somebody removed is made anew: nobody can reach the socket behind it.
    if let old, access(path, F_OK) == 0 {
      sockets.append(ListeningPlace(address: path, descriptor: old, isLocal: true))
      socketPath = path
    } else {
      makeLocal(path, isNamed: !fits, keep)
    }
  }

  @discardableResult
  private func makeLocal(
    _ path: String, isNamed: Bool, _ keep: @escaping @Sendable (ListeningPlace) -> Void
  ) -> ListeningPlace? {
    do {
      _ = try OwnFolder.holding(path)
      let place = ListeningPlace(address: path, descriptor: Descriptor(try ListeningSocket.unix(path: path)), isLocal: true)
      sockets.append(place)
      keep(place)
      socketPath = path
      if isNamed { try RuntimeFiles.replaceOwn(paths.socketPointerFile, with: Array("\(path)\n".utf8)) }
      return place
    } catch {
      tryAgain(ListeningPlace.local, because: "\(error); 'pup status' and the other commands cannot reach this instance") {
        if let place = $0.makeLocal(path, isNamed: isNamed, keep) { $0.listen(place) }
      }
      return nil
    }
  }

  /// The socket's file was removed while this supervisor listens on it.
  func remakeLocal(_ keep: @escaping @Sendable (ListeningPlace) -> Void) {
    let path = socketPath
    guard !path.isEmpty, remakes < Self.mostRemakes else { return }
    remakes += 1
    sockets.removeAll { $0.isLocal }
    guard let place = makeLocal(path, isNamed: path != paths.socketFile, keep) else { return }
    log(.warn, .api, "\(path) was removed; it is made anew")
    listen(place)
  }

  /// Each leaves a listener behind that nobody can reach.
  private static let mostRemakes = 16

  /// Whether another program listens there, or something that is no socket bears the name. A socket that a killed Pup has left
  /// takes no connections.
  private func isTaken(_ path: String) -> Bool {
    var info = stat()
    guard lstat(path, &info) == 0 else { return false }
    return info.st_mode & S_IFMT != S_IFSOCK || ListeningSocket.answers(at: path)
  }

  /// Where it is short: in the runtime folder, or in one that is there for the socket alone.
  private var remoteSocketPath: String {
    let path = "\(runtimeDirectory)/\(InstanceFiles.socket)"
    guard path.utf8.count > RuntimeFiles.longestSocketPath, let folder = RuntimeFiles.makeSocketFolder(paths) else { return path }
    return "\(folder)/\(InstanceFiles.socket)"
  }

  // MARK: TCP

  private func openNetwork(_ kept: Descriptor?, _ keep: @escaping @Sendable (ListeningPlace) -> Void) {
    let opening = NetworkOpening(configuration: configuration, kept: kept)
    // The first programs find the port in their environment. Afterwards, or where a name has to be asked for, nobody waits.
    guard !opening.isQuick || attempts[ListeningPlace.network] != nil else { return opened(opening, Self.outcome(opening), keep) }
    queries.post { [control, me] in
      let outcome = Self.outcome(opening)
      control.post { me { $0.opened(opening, outcome, keep) } }
    }
  }

  private static func outcome(_ opening: NetworkOpening) -> Result<NetworkOpening.Result, ListeningProblem> {
    do throws(ListeningProblem) { return .success(try opening()) } catch { return .failure(error) }
  }

  private func opened(
    _ opening: NetworkOpening, _ outcome: Result<NetworkOpening.Result, ListeningProblem>,
    _ keep: @escaping @Sendable (ListeningPlace) -> Void
  ) {
    switch outcome {
    case .success(let made):
      let place = opened(made.descriptor, made.certificate)
      if opening.kept == nil { keep(place) }
    case .failure(let problem):
      tryAgain(ListeningPlace.network, because: "\(problem)") { $0.openNetwork(opening.kept, keep) }
    }
  }

  // MARK: Again and again

  /// Programs do not wait for it.
  private func tryAgain(_ name: String, because reason: String, _ again: @escaping @Sendable (Listening) -> Void) {
    let pause = attempts[name, default: ListeningAttempts()].fail()
    log(.error, .api, "\(reason); trying again in \(pause / 1_000_000_000) s")
    attempts[name]?.timer = control.schedule(at: control.now + pause) { [me] in
      me {
        $0.attempts[name]?.timer = nil
        again($0)
      }
    }
  }

  /// The web loop serves the place now, or cannot.
  private func handedOver(_ place: ListeningPlace, _ problem: String?) {
    // Another one may have been made meanwhile, or this may be over.
    guard sockets.contains(where: { $0.name == place.name && $0.descriptor === place.descriptor }) else { return }
    if let problem {
      return tryAgain(place.name, because: "cannot serve \(place.address): \(problem)") { $0.listen(place) }
    }
    guard let failures = attempts.removeValue(forKey: place.name)?.failures else { return }
    log(.info, .api, "listening on \(place.address) now, after \(failures == 1 ? "one try" : "\(failures) tries") in vain")
  }

  @discardableResult
  private func opened(_ descriptor: Descriptor, _ certificate: TLSCertificate?) -> ListeningPlace {
    port = ListeningSocket.port(of: descriptor.number) ?? 0
    let place = ListeningPlace(
      address: "\(configuration.hostname):\(port)", descriptor: descriptor, isLocal: false, certificate: certificate)
    sockets.append(place)
    do throws(OwnershipProblem) {
      try RuntimeFiles.replaceOwn(paths.portFile, with: Array("\(port)\n".utf8))
    } catch {
      log(.error, .api, "\(error.description); clients will not find the port \(port)")
    }
    if configuration.tls == nil, !Self.isLoopback(configuration.hostname) {
      log(
        .warn, .api,
        "\(configuration.hostname):\(port) can be reached from other machines, and tokens travel unencrypted; set api.tls, or listen on "
          + "127.0.0.1 behind a proxy")
    }
    // After the start, for a port that was taken before.
    listen(place)
    return place
  }

  private static func isLoopback(_ host: String) -> Bool {
    host.lowercased() == "localhost" || host == "::1" || host.hasPrefix("127.")
  }
}
