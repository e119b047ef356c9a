internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupEvents
internal import PupInstance
internal import PupLogs
internal import PupStore
internal import PupSystem
internal import PupTokens
internal import PupWeb

/// The brain's side of its interface: what is opened when, and what happens to it at the end.
extension Daemon {
  static let pauseBeforeNextTry: Int64 = 5_000_000_000

  /// Before the first program: it finds the port and its token in its environment.
  func openSurface() {
    guard surroundings.hasInterface, let instance, let paths, let configuration else { return }
    started = WallTime(microseconds: Clock.wallMicroseconds)
    // Whoever connects hears at once that nobody listens there.
    if welcome.safeMode != nil { drop(name: ListeningPlace.network) }
    do throws(SystemError) {
      let surface = try ControlSurface(
        instance: instance, paths: paths, configuration: configuration.api, isSafe: welcome.safeMode != nil, on: loop,
        log: { [weak self, loop] severity, category, text in
          // Also from other threads; Pup's own lines start on the control loop.
          loop.post { [weak self] in self?.assumeIsolated { $0.log(severity.logSeverity, category, text) } }
        })
      self.surface = surface
      measurements.onLate = { [weak self] in
        self?.assumeIsolated {
          $0.log(
            .warn, .api,
            "measuring the processes takes long: one may be stuck in the kernel (state D in ps); listings show what they used before"
          )
        }
      }
      if let pump { surface.follow(pump) }
      guard surface.authorizer != nil else { return stopListening() }
      surface.openSockets(kept: kept) { [weak self, loop] place in
        loop.post { [weak self] in self?.assumeIsolated { _ = $0.keep(place.descriptor, name: place.name) } }
      }
    } catch {
      endIfShort(error)
      let again = "trying again in \(Self.pauseBeforeNextTry / 1_000_000_000) s"
      log(.error, .api, "\(error): the interface is off; \(again)")
      _ = loop.schedule(at: loop.now + Self.pauseBeforeNextTry) { [weak self] in
        self?.assumeIsolated {
          $0.openSurface()
          $0.serveSurface()
        }
      }
    }
  }

  private func stopListening() {
    for name in [ListeningPlace.local, ListeningPlace.network] { drop(name: name) }
  }

  /// After the first programs were asked for.
  func serveSurface() {
    guard let surface else { return }
    do throws(SystemError) {
      try surface.serve(APIBackend(self, surface))
    } catch {
      endIfShort(error)
      return log(.error, .api, "nothing is served: \(error)")
    }
    let places = surface.sockets.map(\.address).joined(separator: " and ")
    if !places.isEmpty { log(.info, .api, "listening on \(places)") }
  }

  /// Once the first rush is over.
  func scheduleShrinking() {
    _ = loop.schedule(at: loop.now + 3_000_000_000) { Footprint.shrink() }
  }

  /// Each second: whoever follows the supervisor hears that it lives, and whoever asked for it how it is.
  func tickSurface() {
    guard case .supervising = phase, let surface, surface.events.hasReaders else { return }
    surface.publish(.watchdog)
    if surface.events.hasStateReaders { applicationState { surface.publish(.applicationState($0)) } }
  }

  /// What a program is told of the interface.
  func surroundings(of process: ProcessConfiguration) -> PupConfiguration.Instance {
    var result = PupConfiguration.Instance(
      temporaryStorage: instance?.temporaryDirectory ?? "", dataStorage: instance?.dataDirectory ?? "")
    guard let surface, surface.authorizer != nil else { return result }
    result.apiHostname = configuration?.api.hostname
    result.apiPort = surface.port == 0 ? nil : surface.port
    result.apiSocket = surface.socketPath.isEmpty ? nil : surface.socketPath
    result.isSecure = configuration?.api.tls != nil
    switch process.apiToken {
    case .none: break
    case .admin: result.apiToken = surface.programToken(process.id, scopes: nil)
    case .telemetry: result.apiToken = surface.programToken(process.id, scopes: TokenScope.ofPrograms)
    }
    return result
  }

  // MARK: Events

  func tell(_ event: Event) {
    guard let surface else { return }
    let payload: EventPayload
    switch event {
    case .stateChanged(let old, let new, let status, _):
      let information = information(of: status)
      payload = .processStatusChanged(
        old: old.map { APIProcessState($0) }, new: APIProcessState(new), status: information)
    case .flagChanged(let status, let actor):
      payload = .processFlagChanged(held: status.heldByOperator, by: actor.words, status: information(of: status))
    case .scheduled(let next, let status):
      payload = .processScheduled(next: ISODate(next), status: information(of: status))
    case .terminateScheduled(let next, let status):
      payload = .processScheduledTerminate(next: ISODate(next), status: information(of: status))
    case .watchTriggered(let path, let status):
      payload = .processWatch(at: ISODate(status.updated), path: path, status: information(of: status))
    }
    surface.publish(payload, of: event.process)
    // After whoever listens was woken: writing takes longer than telling.
    record(event, of: event.process)
  }

  private func record(_ event: Event, of id: ProcessID) {
    let newest = runs.newest(of: id)
    var exit: ExitRecord?
    // A failure that uses up the restarts is told twice, as "failed" and as "exhausted"; what the run used is counted once.
    if case .stateChanged(let old?, let new, _, _) = event, [.finished, .errored, .exhausted].contains(new),
      [.starting, .running, .stopping].contains(old)
    {
      exit = newest?.run.exit
    }
    let transition = Transition(
      event, generation: newest?.key.generation, usage: exit.flatMap(ResourceUsage.init(_:)),
      ranOutOfMemory: exit?.ranOutOfMemory ?? false)
    if let transition { surface?.record(transition) }
  }

  /// How long the end may take, in milliseconds.
  func tellTerminating() {
    let longest = configuration?.processes.map(\.terminateTimeout.nanoseconds).max() ?? 0
    surface?.publish(.terminating(milliseconds: longest / 1_000_000))
  }
}

extension ResourceUsage {
  fileprivate init?(_ exit: ExitRecord) {
    guard exit.isUsageKnown else { return nil }
    self.init(
      userMicroseconds: exit.userMicroseconds, systemMicroseconds: exit.systemMicroseconds,
      peakBytes: exit.maxResidentKilobytes * 1024)
  }
}

extension Event {
  var process: ProcessID {
    switch self {
    case .stateChanged(_, _, let status, _), .flagChanged(let status, _), .scheduled(_, let status),
      .terminateScheduled(_, let status), .watchTriggered(_, let status):
      status.id
    }
  }
}
