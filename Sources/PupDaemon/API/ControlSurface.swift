internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupEvents
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens
internal import PupWeb

/// What others see and steer of a brain: the store, the events, the tokens, the listeners. Belongs to the control loop; what may
/// be used elsewhere says so.
final class ControlSurface: @unchecked Sendable {
  /// Categories and texts for Pup's own log.
  typealias Logger = @Sendable (Severity, LogCategory, _ text: String) -> Void

  let instance: InstanceDescription
  let paths: StoragePaths
  let configuration: APIConfiguration
  /// Too many supervisors died: whatever may have been the cause is left out. That is the database, whose disk may hang, and what
  /// comes over the network. The unix socket stays, since an operator needs it, and only this user's and root's programs reach
  /// it.
  let isSafe: Bool
  let log: Logger
  /// The loop that this belongs to.
  let control: EventLoop
  /// Nil where the database cannot be opened, or is left alone: history, tokens by name and the memory of operators' decisions
  /// are then missing.
  let store: Store?
  /// May be used from any thread.
  let events: EventBus
  /// Slow work that nobody else waits for: log files, names, the secret's file.
  let queries: LoopThread
  /// Reads /proc and cgroups, some milliseconds at a time.
  let sampler: LoopThread
  /// May be used from any thread. Nil where there is no usable secret: nothing is served then.
  let authorizer: Authorizer?
  var secret: TokenSecret?
  var revoked = RevokedTokens()
  /// The database was lost, and with it who is locked out: for the control loop, which has the secret.
  let lossMark = LossMark()
  /// The first of the events that found no room in the store; the next one that does tells of them.
  var firstUnstored: Int64?

  /// What operators decided in safe mode, for the database at the end of Pup; what ends before that leaves it to the next
  /// supervisor.
  var lastDecisions: [DesiredState] = []

  /// The TCP port that is listened on; 0 for none.
  var port: UInt16 = 0
  /// The path of the unix socket; "" for none.
  var socketPath = ""
  var sockets: [ListeningPlace] = []
  /// How often the unix socket's file had to be made anew.
  var remakes = 0
  /// By the names of places; those on which it succeeded have none.
  var attempts: [String: ListeningAttempts] = [:]
  private(set) var web: LoopThread?
  private(set) var server: WebServer?

  /// Opens what is needed before the first program is started. Waits for the disk.
  init(
    instance: InstanceDescription, paths: StoragePaths, configuration: APIConfiguration, isSafe: Bool, on control: EventLoop,
    log: @escaping Logger
  ) throws(SystemError) {
    self.instance = instance
    self.paths = paths
    self.configuration = configuration
    self.isSafe = isSafe
    self.control = control
    self.log = log
    queries = try LoopThread(running: try EventLoop(name: "pup-queries"))
    sampler = try LoopThread(running: try EventLoop(name: "pup-sampler"))
    var store = isSafe ? nil : Self.openStore(paths, log, lossMark)
    // Nothing is reserved in the file for an epoch that is not the database's.
    let temporaryEpoch = String(Clock.wallMicroseconds, radix: 36)
    do throws(StoreError) {
      let numbers = isSafe ? nil : try EventNumbers(store: store, reservationFile: instance.runtimeDirectory + "/events")
      events = numbers?.makeBus() ?? EventBus(epoch: temporaryEpoch)
    } catch {
      log(.error, .store, "\(error); events get numbers of a new epoch, and streams are informed that they have lost some")
      // What a full disk refuses is written when there is room again.
      if !error.isPassing { store = nil }
      events = EventBus(epoch: temporaryEpoch)
    }
    self.store = store
    do throws(TokenSecretError) {
      let secret = try TokenSecret.load(path: paths.secretFile)
      self.secret = secret
      authorizer = Authorizer(secret: secret)
    } catch {
      log(.error, .api, "\(error); the interface is off until the next start")
      authorizer = nil
    }
    loadRevocations()
  }

  private static func openStore(_ paths: StoragePaths, _ log: @escaping Logger, _ mark: LossMark) -> Store? {
    do throws(StoreError) {
      return try Store.open(paths.databaseFile) { notice in
        if case .remade(_, _, isComplete: false) = notice { mark.set() }
        log(notice.isError ? .error : .info, .store, "\(notice)")
      }
    } catch {
      log(.error, .store, "\(error); history, stops by hand and the list of tokens are not kept meanwhile")
      return nil
    }
  }

  // MARK: Serving

  /// Starts the web loop on the sockets that `openSockets` has.
  func serve(_ backend: APIBackend) throws(SystemError) {
    guard let authorizer else { return }
    var settings = APIService.Settings()
    settings.allowedHosts = configuration.allowedHosts + [configuration.hostname]
    settings.allowedOrigins = configuration.allowedOrigins
    settings.version = PupVersion.text
    let loop = try EventLoop(name: "pup-web")
    let service = APIService(backend: backend, authorizer: authorizer, events: events, settings: settings)
    let server = WebServer(loop: loop, service: service, limits: settings.limits)
    web = try LoopThread(running: loop)
    self.server = server
    for socket in sockets { listen(socket) }
  }

  /// Hands a copy of the socket to the web loop.
  func listen(_ place: ListeningPlace) {
    guard let server, let web else { return }
    let copy: Descriptor
    do throws(SystemError) {
      copy = try place.descriptor.duplicate()
    } catch {
      return handedOver(place, "\(error)")
    }
    web.loop.post { [control, weak self] in
      var problem: String?
      do throws(WebServerError) {
        try server.listen(on: copy.take(), isLocal: place.isLocal, certificate: place.certificate)
      } catch {
        problem = "\(error)"
      }
      control.post { [problem, weak self] in self?.handedOver(place, problem) }
    }
  }

  // MARK: The end

  /// Ends streams and connections, and writes what waits for the database. Calls back on the control loop; waits for nothing.
  func close(then done: @escaping @Sendable () -> Void) {
    for timer in attempts.values.compactMap(\.timer) { control.cancel(timer) }
    attempts = [:]
    let control = control
    // Events that are told and not stored make the end unclean: the next supervisor then tells that they are lost.
    let isComplete = firstUnstored == nil
    let (server, store, events) = (server, store, events)
    let (decisions, paths, log, mark) = (lastDecisions, paths, log, lossMark)
    // Nothing is left to do there, and it waits for nobody's files.
    (web ?? queries).loop.post {
      server?.stop()
      if !decisions.isEmpty, let late = Self.openStore(paths, log, mark) {
        late.saveDesired(decisions)
        late.close()
      }
      // Nobody gets a number any more.
      if isComplete { store?.closeNumbering(next: Int64(clamping: events.last.sequence) + 1) }
      // What was revoked and is not on disk would be good again.
      if store?.close().hasRevocations == true || mark.take() { Self.endAllTokens(paths.secretFile) }
      control.post(done)
    }
  }

  /// With a full disk there may be no room for a new secret; without one the next Pup makes it.
  private static func endAllTokens(_ path: String) {
    do throws(TokenSecretError) { _ = try TokenSecret.replace(path: path) } catch { unlink(path) }
  }
}
