internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem
internal import PupTokens
internal import PupWeb

/// What others see and steer of a brain: the store, the events, the tokens, the listeners. Belongs to the control loop; what may be used
/// elsewhere says so.
final class ControlSurface: @unchecked Sendable {
  /// Categories and texts for Pup's own log.
  typealias Logger = @Sendable (Severity, _ category: String, _ text: String) -> Void

  let instance: InstanceDescription
  let paths: StoragePaths
  let configuration: APIConfiguration
  let log: Logger
  /// Nil where the database cannot be opened: history, tokens by name and the memory of operators' decisions are then missing.
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
  /// The first of the events that found no room in the store; the next one that does tells of them.
  var firstUnstored: Int64?

  /// The TCP port that is listened on; 0 for none.
  var port: UInt16 = 0
  /// The path of the unix socket; "" for none.
  var socketPath = ""
  var sockets: [ListeningPlace] = []
  var retry: Timer?
  var retryDelay: Int64 = 1_000_000_000
  private(set) var web: LoopThread?
  private(set) var server: WebServer?

  /// Opens what is needed before the first program is started. Waits for the disk.
  init(
    instance: InstanceDescription, paths: StoragePaths, configuration: APIConfiguration, log: @escaping Logger
  ) throws(SystemError) {
    self.instance = instance
    self.paths = paths
    self.configuration = configuration
    self.log = log
    queries = try LoopThread(running: try EventLoop(name: "pup-queries"))
    sampler = try LoopThread(running: try EventLoop(name: "pup-sampler"))
    var store = Self.openStore(paths, log)
    let reservations = instance.runtimeDirectory + "/events"
    do throws(StoreError) {
      events = try EventNumbers(store: store, reservationFile: reservations).makeBus()
    } catch {
      log(.error, "store", "\(error); events get numbers of a new epoch, and streams are told that they lost some")
      // What a full disk refuses is written when there is room again; nothing is reserved in the file for this epoch.
      if !error.isPassing { store = nil }
      events = EventBus(epoch: String(Clock.wallMicroseconds, radix: 36))
    }
    self.store = store
    do throws(TokenSecretError) {
      let secret = try TokenSecret.load(path: paths.secretFile)
      self.secret = secret
      authorizer = Authorizer(secret: secret)
    } catch {
      log(.error, "api", "\(error); the interface is off until the next start")
      authorizer = nil
    }
    loadRevocations()
  }

  private static func openStore(_ paths: StoragePaths, _ log: @escaping Logger) -> Store? {
    do throws(StoreError) {
      return try Store.open(paths.databaseFile) { notice in log(notice.isError ? .error : .info, "store", "\(notice)") }
    } catch {
      log(.error, "store", "\(error); history, stops by hand and the list of tokens are not kept meanwhile")
      return nil
    }
  }

  // MARK: Serving

  /// Starts the web loop on the sockets that `openSockets` has.
  func serve(_ backend: any APIBackend) {
    guard let authorizer else { return }
    var settings = APIService.Settings()
    settings.allowedHosts = configuration.allowedHosts + [configuration.hostname]
    settings.allowedOrigins = configuration.allowedOrigins
    settings.version = PupVersion.text
    do throws(SystemError) {
      let loop = try EventLoop(name: "pup-web")
      let service = APIService(backend: backend, authorizer: authorizer, events: events, settings: settings)
      let server = WebServer(loop: loop, service: service, limits: settings.limits)
      self.server = server
      web = try LoopThread(running: loop)
      for socket in sockets { listen(socket) }
    } catch {
      log(.error, "api", "nothing is served: \(error)")
    }
  }

  /// Hands a copy of the socket to the web loop.
  func listen(_ place: ListeningPlace) {
    guard let server, let web else { return }
    let copy = pup_duplicate(place.descriptor, 3)
    guard copy >= 0 else { return log(.error, "api", "\(place.address): \(SystemError("dup", errno: -copy))") }
    let (log, certificate, isLocal) = (log, place.certificate, place.isLocal)
    web.loop.post {
      do throws(WebServerError) {
        try server.listen(on: copy, isLocal: isLocal, certificate: certificate)
      } catch {
        log(.error, "api", "\(place.address): \(error)")
      }
    }
  }

  // MARK: The end

  /// Ends streams and connections, and writes what waits for the database. Calls back on the control loop; waits for nothing.
  func close(on control: EventLoop, then done: @escaping @Sendable () -> Void) {
    if let retry { control.cancel(retry) }
    // Events that are told and not stored make the end unclean: the next supervisor then tells that they are lost.
    let isComplete = firstUnstored == nil
    let (server, store, events) = (server, store, events)
    // Nothing is left to do there, and it waits for nobody's files.
    (web ?? queries).loop.post {
      server?.stop()
      // Nobody gets a number any more.
      if isComplete { store?.closeNumbering(next: Int64(clamping: events.last.sequence) + 1) }
      store?.close()
      control.post(done)
    }
  }
}
