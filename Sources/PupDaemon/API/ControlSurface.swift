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

/// What others see and steer of a brain: the database and the loops, and on them tokens, events and listening sockets. Belongs to
/// the control loop; what may be used elsewhere says so.
final class ControlSurface {
  /// Categories and texts for Pup's own log.
  typealias Logger = @Sendable (Severity, LogCategory, _ text: String) -> Void

  private let paths: StoragePaths
  private let configuration: APIConfiguration
  /// Too many supervisors died: whatever may have been the cause is left out. That is the database, whose disk may hang, and what
  /// comes over the network. The unix socket stays, since an operator needs it, and only this user's and root's programs reach
  /// it.
  let isSafe: Bool
  private let log: Logger
  /// The loop that this belongs to.
  private let control: EventLoop
  /// Nil where the database cannot be opened, or is left alone: history, tokens by name and the memory of operators' decisions
  /// are then missing.
  let store: Store?
  let feed: EventFeed
  let tokens: TokenDesk
  let listening: Listening
  /// Slow work that nobody else waits for: log files, names, the secret's file.
  let queries: LoopThread
  /// Reads /proc and cgroups, some milliseconds at a time.
  let sampler: LoopThread
  /// The database was lost, and with it who is locked out: for the control loop, which has the secret.
  let lossMark = LossMark()
  /// What operators decided in safe mode, for the database at the end of Pup; what ends before that leaves it to the next
  /// supervisor.
  var lastDecisions: [DesiredState] = []
  private(set) var web: LoopThread?
  private var server: WebServer?

  /// Opens what is needed before the first program is started. Waits for the disk.
  init(
    instance: InstanceDescription, paths: StoragePaths, configuration: APIConfiguration, isSafe: Bool, on control: EventLoop,
    log: @escaping Logger
  ) throws(SystemError) {
    (self.paths, self.configuration, self.isSafe, self.control, self.log) = (paths, configuration, isSafe, control, log)
    queries = try LoopThread(running: try EventLoop(name: "pup-queries"))
    sampler = try LoopThread(running: try EventLoop(name: "pup-sampler"))
    var store = isSafe ? nil : Self.openStore(paths, log, lossMark)
    // Nothing is reserved in the file for an epoch that is not the database's.
    let temporaryEpoch = String(Clock.wallMicroseconds, radix: 36)
    let events: EventBus
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
    feed = EventFeed(events, store)
    tokens = TokenDesk(paths, configuration, store, isSafe: isSafe, on: control, queries: queries.loop, log: log)
    listening = Listening(instance, paths, configuration, isSafe: isSafe, on: control, queries: queries.loop, log: log)
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

  /// Starts the web loop on the sockets that are listened on.
  func serve(_ backend: APIBackend) throws(SystemError) {
    guard let authorizer = tokens.authorizer else { return }
    var settings = APIService.Settings()
    settings.allowedHosts = configuration.allowedHosts + [configuration.hostname]
    settings.allowedOrigins = configuration.allowedOrigins
    settings.version = PupVersion.text
    let loop = try EventLoop(name: "pup-web")
    let service = APIService(backend: backend, authorizer: authorizer, events: feed.events, settings: settings)
    let server = WebServer(loop: loop, service: service, limits: settings.limits)
    web = try LoopThread(running: loop)
    self.server = server
    listening.serve(by: server, on: loop)
  }

  func record(_ transition: Transition) { store?.record(transition) }

  // MARK: The end

  /// Ends streams and connections, and writes what waits for the database. Calls back on the control loop; waits for nothing.
  func close(then done: @escaping @Sendable () -> Void) {
    listening.giveUp()
    let control = control
    let isComplete = feed.isComplete
    let (server, store, events) = (server, store, feed.events)
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
