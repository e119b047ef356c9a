internal import Glibc
public import PupAPI
internal import Synchronization

/// For programs that Pup runs: reports the program's memory to Pup, and passes messages between programs.
///
///     let telemetry = PupTelemetry()
///     telemetry.on("reload-cache") { message in await cache.reload(message.eventData) }
///     try await telemetry.emit("other-program", "cache-reloaded", ["entries": 17])
///
/// It finds Pup by the environment that Pup gives to its programs (`PUP_PROCESS_ID`, `PUP_API_HOSTNAME`, `PUP_API_PORT`, `PUP_API_SOCKET`
/// and `PUP_API_TOKEN`). Where there is none, everything here does nothing, and `status` says why: the same program runs with and without
/// Pup. Reports stop with `close()`, or when the last reference goes.
public final class PupTelemetry: Sendable {
  /// How it goes.
  public enum Status: Hashable, Sendable {
    /// Nothing is reported and no message comes; the reason is for people.
    case inactive(reason: String)
    /// The last report arrived, or the first one is on its way.
    case active
    /// The last report did not arrive; the next one is tried by itself, later each time, after 180 s at most.
    case failing(PupError)
    /// `close()` was called.
    case closed
  }

  /// The shortest and the longest time between two reports.
  public static let intervals: ClosedRange<Duration> = .seconds(1) ... .seconds(180)

  /// The id by which Pup knows this program; nil where it does not run under Pup.
  public let processId: String?
  /// The time between two reports, as it is used.
  public let interval: Duration
  let client: PupRestClient?
  private let box: StatusBox
  private let reporter: Task<Void, Never>?

  /// Begins to report at once.
  /// - Parameter interval: between two reports, 1–180 s; what lies outside is brought to the nearer end.
  public convenience init(interval: Duration = .seconds(5)) {
    self.init(interval: interval, environment: ProgramEnvironment.current(), options: PupClientOptions())
  }

  init(interval: Duration, environment: [String: String], options: PupClientOptions) {
    let interval = min(max(interval, Self.intervals.lowerBound), Self.intervals.upperBound)
    self.interval = interval
    let (program, client, absence) = Self.connect(environment, options)
    processId = program?.processId
    self.client = client
    guard let program, let client else {
      box = StatusBox(.inactive(reason: absence))
      reporter = nil
      return
    }
    let box = StatusBox(.active)
    self.box = box
    // Does not hold `self`: an object that nobody has any more stops reporting.
    reporter = Task(priority: .utility) { await Self.report(program.processId, to: client, every: interval, box) }
  }

  deinit { close() }

  /// How it goes; changes with each report.
  public var status: Status { box.status }

  /// Stops reports and messages; `on` and `emit` do nothing from then on. A call of a handler that is under way comes to its end.
  public func close() {
    box.close()
    reporter?.cancel()
    client?.close()
  }

  // MARK: Messages

  /// Calls `handler` for each message to this program with this event's name, one after the other.
  ///
  /// The first call connects to Pup's stream of events, which connects again by itself and goes on where it was. Messages that were sent
  /// before are not told.
  @discardableResult
  public func on(_ event: String, _ handler: @escaping @Sendable (IPCMessage) async -> Void) -> EventSubscription {
    guard let client, let processId else { return .none }
    let own = processId.lowercased()
    return client.on(.ipc) { message in
      if message.event == event, message.target.lowercased() == own { await handler(message) }
    }
  }

  /// Calls `handler` whenever messages were missed.
  @discardableResult
  public func onLost(_ handler: @escaping @Sendable (LostEvents) async -> Void) -> EventSubscription {
    client?.onLost(handler) ?? .none
  }

  /// Ends a subscription; a call that is under way comes to its end.
  public func off(_ subscription: EventSubscription) { client?.off(subscription) }

  /// Sends a message to another program, which sees this program's token as its sender (`telemetry-<id>`).
  ///
  /// Nothing is stored: a program that does not listen at that moment does not get it.
  /// - Parameters:
  ///   - target: the other program's process id.
  ///   - data: any JSON, also a falsy one.
  /// - Throws: what `PupRestClient.sendIpc` throws. Never where the program does not run under Pup, nor after `close()`: then it does nothing.
  public func emit(_ target: String, _ event: String, _ data: JSONValue? = nil) async throws(PupError) {
    guard let client, !box.isClosed else { return }
    try await client.sendIpc(target, event, data)
  }

  // MARK: Reports

  private static func connect(
    _ environment: [String: String], _ options: PupClientOptions
  ) -> (ProgramEnvironment?, PupRestClient?, absence: String) {
    let program: ProgramEnvironment
    do throws(ProgramEnvironment.Absence) { program = try ProgramEnvironment(environment) } catch {
      return (nil, nil, error.reason)
    }
    do throws(PupError) {
      let client = try PupRestClient(
        program.address, program.token, eventStream: false, options: options, environment: environment)
      return (program, client, "")
    } catch {
      return (program, nil, "the environment that Pup gave cannot be used: \(error.message)")
    }
  }

  private static func report(_ processId: String, to client: PupRestClient, every interval: Duration, _ box: StatusBox) async {
    var delay = interval
    while !Task.isCancelled {
      do throws(PupError) {
        try await client.sendTelemetry(current(processId))
        box.replace(.active)
        delay = interval
      } catch {
        box.replace(.failing(error))
        // A Pup that is gone, or a token that was revoked, is not asked every few seconds for ever.
        delay = min(delay * 2, intervals.upperBound)
      }
      do { try await Task.sleep(for: delay) } catch { return }
    }
  }

  /// What the program is like now.
  static func current(_ processId: String) -> ProcessTelemetry {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let sent = ISODate(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)
    return ProcessTelemetry(sender: processId, memory: ProcessMemory.current(), sent: sent.text, cwd: workingDirectory())
  }

  /// Empty where it has been removed.
  private static func workingDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}

/// The status, apart from the object whose end it outlives.
private final class StatusBox: Sendable {
  private let state: Mutex<PupTelemetry.Status>

  init(_ status: PupTelemetry.Status) { state = Mutex(status) }

  var status: PupTelemetry.Status { state.withLock { $0 } }
  var isClosed: Bool { status == .closed }

  func replace(_ status: PupTelemetry.Status) {
    state.withLock { if $0 != .closed { $0 = status } }
  }

  /// What never was active stays so, with its reason.
  func close() {
    state.withLock { if case .inactive = $0 { return } else { $0 = .closed } }
  }
}
