internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem
internal import PupTokens
internal import PupWeb

/// The brain's side of its interface: when it is opened and served, again where that fails, and what programs are told of it.
/// Belongs to the control loop.
final class Interface {
  private static let pauseBeforeNextTry: Int64 = 5_000_000_000

  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let kept: KeptDescriptors
  private let logs: BrainLogs
  /// Database, events, HTTP; a unit test may do without.
  private let isWanted: Bool
  /// Nil before this brain supervises, where it cannot be opened, and at the end.
  private(set) var surface: ControlSurface?
  private(set) var started = WallTime(microseconds: 0)
  /// What stands behind the routes.
  var backend: (_ logs: String) -> APIBackend? = { _ in nil }

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ kept: KeptDescriptors, _ logs: BrainLogs, isWanted: Bool
  ) {
    (self.loop, self.state, self.keeper, self.kept, self.logs) = (loop, state, keeper, kept, logs)
    self.isWanted = isWanted
  }

  private var me: LoopBound<Interface> { LoopBound(self, to: loop) }

  /// Before the first program: it finds the port and its token in its environment.
  func open() {
    guard isWanted, let instance = state.instance else { return }
    started = WallTime(microseconds: Clock.wallMicroseconds)
    // Whoever connects hears at once that nobody listens there.
    if keeper.welcome.safeMode != nil { kept.drop(name: ListeningPlace.network) }
    do throws(SystemError) {
      let surface = try ControlSurface(
        instance: instance.description, paths: instance.paths, configuration: instance.configuration.api,
        isSafe: keeper.welcome.safeMode != nil, on: loop,
        log: { [me, loop] severity, category, text in
          // Also from other threads; Pup's own lines start on the control loop.
          loop.post { me { $0.logs.log(severity.logSeverity, category, text) } }
        })
      self.surface = surface
      if let pump = logs.pump { surface.feed.follow(pump) }
      guard surface.tokens.authorizer != nil else { return stopListening() }
      surface.listening.open(kept: kept.all) { [me, loop] place in
        loop.post { me { _ = $0.kept.keep(place.descriptor, name: place.name) } }
      }
    } catch {
      keeper.endIfShort(error)
      let again = "trying again in \(Self.pauseBeforeNextTry / 1_000_000_000) s"
      logs.log(.error, .api, "\(error): the interface is off; \(again)")
      _ = loop.schedule(at: loop.now + Self.pauseBeforeNextTry) { [me] in
        me {
          $0.open()
          $0.serve()
        }
      }
    }
  }

  private func stopListening() {
    for name in [ListeningPlace.local, ListeningPlace.network] { kept.drop(name: name) }
  }

  /// After the first programs were asked for.
  func serve() {
    guard let surface, let instance = state.instance, let backend = backend(instance.paths.logs) else { return }
    do throws(SystemError) {
      try surface.serve(backend)
    } catch {
      keeper.endIfShort(error)
      return logs.log(.error, .api, "nothing is served: \(error)")
    }
    let places = surface.listening.sockets.map(\.address).joined(separator: " and ")
    if !places.isEmpty { logs.log(.info, .api, "listening on \(places)") }
  }

  /// The unix socket's file was removed.
  func remakeLocal() {
    surface?.listening.remakeLocal { [me] place in me { _ = $0.kept.keep(place.descriptor, name: place.name) } }
  }

  /// For the end: nobody else uses it from here on.
  func take() -> ControlSurface? {
    defer { surface = nil }
    return surface
  }

  /// What a program is told of the interface.
  func surroundings(of process: ProcessConfiguration) -> PupConfiguration.Instance {
    let description = state.instance?.description
    var result = PupConfiguration.Instance(
      temporaryStorage: description?.temporaryDirectory ?? "", dataStorage: description?.dataDirectory ?? "")
    guard let surface, surface.tokens.authorizer != nil else { return result }
    let api = state.configuration?.api
    result.apiHostname = api?.hostname
    result.apiPort = surface.listening.port == 0 ? nil : surface.listening.port
    result.apiSocket = surface.listening.socketPath.isEmpty ? nil : surface.listening.socketPath
    result.isSecure = api?.tls != nil
    switch process.apiToken {
    case .none: break
    case .admin: result.apiToken = surface.tokens.programToken(process.id, scopes: nil)
    case .telemetry: result.apiToken = surface.tokens.programToken(process.id, scopes: TokenScope.ofPrograms)
    }
    return result
  }
}

extension Severity {
  var logSeverity: LogSeverity {
    switch self {
    case .log: .log
    case .info: .info
    case .warn: .warn
    case .error: .error
    }
  }
}
