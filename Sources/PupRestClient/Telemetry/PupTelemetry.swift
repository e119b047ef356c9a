internal import Glibc
public import PupAPI
internal import Synchronization

/// For programs that Pup runs: reports the program's memory to Pup, and passes messages between programs.
///
///     let telemetry = PupTelemetry()
///     telemetry.on("reload-cache") { message in await cache.reload(message.eventData) }
///     try await telemetry.emit("other-program", "cache-reloaded", ["entries": 17])
/// It finds Pup through the environment that Pup gives to its programs (`PUP_PROCESS_ID`, `PUP_API_HOSTNAME`, `PUP_API_PORT`,
/// `PUP_API_SOCKET` and `PUP_API_TOKEN`). Without that environment, nothing here has any effect, and `status` says why, so the
/// same program runs with and without Pup. Reports stop with `close()`, or when the last reference is released.
public final class PupTelemetry: Sendable {
  /// The state of reporting.
  public enum Status: Hashable, Sendable {
    /// Nothing is reported and no messages arrive; the reason is for people.
    case inactive(reason: String)
    /// The last report was accepted, or the first one is in progress.
    case active
    /// The last report failed; the next one is sent automatically, after increasing delays of at most 180 s.
    case failing(PupError)
    /// `close()` was called.
    case closed
  }

  /// The shortest and the longest time between two reports.
  public static let intervals: ClosedRange<Duration> = .seconds(1) ... .seconds(180)

  /// The id by which Pup knows this program; nil if it does not run under Pup.
  public let processId: String?
  /// The time between two reports that is actually used.
  public let interval: Duration
  let client: PupRestClient?
  private let box: StatusBox
  private let reporter: Task<Void, Never>?

  /// Starts reporting immediately.
  /// - Parameter interval: the time between two reports, 1–180 s; other values are clamped.
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
    // Does not retain `self`, so that reporting stops when the last reference is released.
    reporter = Task(priority: .utility) { await Self.report(program.processId, to: client, every: interval, box) }
  }

  deinit { close() }

  /// The state of reporting; changes with each report.
  public var status: Status { box.status }

  /// Stops reports and messages; `on` and `emit` have no effect from then on. A handler call in progress is allowed to finish.
  public func close() {
    box.close()
    reporter?.cancel()
    client?.close()
  }

  // MARK: Messages

  /// Calls `handler` for each message to this program with this event name, sequentially. The first call connects to Pup's event
  /// stream, which reconnects by itself and resumes where it left off. Earlier messages are not delivered.
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

  /// Ends a subscription; a call in progress is allowed to finish.
  public func off(_ subscription: EventSubscription) { client?.off(subscription) }

  /// Sends a message to another program, which sees this program's token as its sender (`telemetry-<id>`).
  /// Messages are not stored: a program that is not listening at that moment does not receive them.
  /// - Parameters:
  ///   - target: the other program's process id.
  ///   - event: the message's subject; programs agree on the names.
  ///   - data: any JSON value, including a falsy one.
  /// - Throws: the errors of `PupRestClient.sendIpc`. If the program does not
  ///   run under Pup, or after `close()`, it does nothing and never throws.
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
      return (program, nil, "the environment set by Pup cannot be used: \(error.message)")
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
        // Do not keep retrying every few seconds if Pup is gone or the token was revoked.
        delay = min(delay * 2, intervals.upperBound)
      }
      do { try await Task.sleep(for: delay) } catch { return }
    }
  }

  /// The program's current report.
  static func current(_ processId: String) -> ProcessTelemetry {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let sent = ISODate(microseconds: Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)
    return ProcessTelemetry(sender: processId, memory: ProcessMemory.current(), sent: sent.text, cwd: workingDirectory())
  }

  /// Empty if it has been removed.
  private static func workingDirectory() -> String {
    guard let path = getcwd(nil, 0) else { return "" }
    defer { free(path) }
    return String(cString: path)
  }
}

/// The status, kept in a separate object because it outlives `PupTelemetry`.
private final class StatusBox: Sendable {
  private let state: Mutex<PupTelemetry.Status>

  init(_ status: PupTelemetry.Status) { state = Mutex(status) }

  var status: PupTelemetry.Status { state.withLock { $0 } }
  var isClosed: Bool { status == .closed }

  func replace(_ status: PupTelemetry.Status) {
    state.withLock { if $0 != .closed { $0 = status } }
  }

  /// If it was never active, it stays inactive, with its reason.
  func close() {
    state.withLock { if case .inactive = $0 { return } else { $0 = .closed } }
  }
}
