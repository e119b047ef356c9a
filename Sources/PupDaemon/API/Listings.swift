internal import PupAPI
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupStore
internal import PupSystem

/// What clients read of this brain: the processes as `GET /processes` and `GET /state` show them, and the metrics. Belongs to the
/// control loop.
final class Listings {
  private let loop: EventLoop
  private let state: BrainState
  private let keeper: KeeperSession
  private let supervision: Supervision
  private let programs: Programs
  private let interface: Interface
  private let loops: LoopCare
  private let logs: BrainLogs
  private let measurements: ProcessMeasurements
  private let shownConfigurations = ShownConfigurations()
  /// What programs have said of themselves last.
  private var telemetry: [ProcessID: ProcessTelemetry] = [:]

  init(
    on loop: EventLoop, _ state: BrainState, _ keeper: KeeperSession, _ supervision: Supervision, _ programs: Programs,
    _ interface: Interface, _ loops: LoopCare, _ logs: BrainLogs
  ) {
    (self.loop, self.state, self.keeper, self.supervision) = (loop, state, keeper, supervision)
    (self.programs, self.interface, self.loops, self.logs) = (programs, interface, loops, logs)
    measurements = ProcessMeasurements(on: loop)
    measurements.onLate = { [weak logs] in
      logs?.log(
        .warn, .api,
        "measuring the processes takes long: one may be stuck in the kernel (state D in ps); listings show what they used before"
      )
    }
  }

  private var me: LoopBound<Listings> { LoopBound(self, to: loop) }

  // MARK: Processes

  private var overview: ProcessOverview {
    ProcessOverview(
      supervisor: supervision.core, runs: supervision.runs, configuration: state.configuration, measurements: measurements,
      telemetry: telemetry, strays: programs.strays, configurations: shownConfigurations, now: supervision.now)
  }

  func information(of status: ProcessStatus) -> ProcessInformation { overview.information(of: status) }

  /// Calls back on the control loop with fresh measurements, or with what can be had.
  func list(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void) {
    withFreshUsage { [me] in me { answer($0.overview.entries()) } }
  }

  func note(_ telemetry: ProcessTelemetry, of id: ProcessID) { self.telemetry[id] = telemetry }

  /// Calls back on the control loop when the measurements are fresh, or can be had no fresher; at once where nothing can be
  /// measured.
  private func withFreshUsage(_ body: @escaping @Sendable () -> Void) {
    guard let surface = interface.surface else { return body() }
    measurements.whenFresh(on: surface.sampler.loop, { subjectsOfMeasuring() }, body)
  }

  private func subjectsOfMeasuring() -> [ProcessMeasurements.Subject] {
    let runs = supervision.runs
    return runs.all.compactMap { process in
      guard let (key, run) = runs.newest(of: process.id), !run.isEmpty, run.record.pid > 0 else { return nil }
      let tree = run.record.tree(process: process.id.text, cgroupBase: keeper.welcome.cgroupBase)
      return ProcessMeasurements.Subject(
        key: key, tree: tree, started: supervision.core.status(of: process.id)?.started?.microseconds)
    }
  }

  // MARK: The supervisor itself

  func applicationState(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    withFreshUsage { [me] in me { answer($0.applicationState) } }
  }

  private var applicationState: ApplicationState {
    var result = ApplicationState(
      pid: keeper.pid, version: PupVersion.text, started: ISODate(interface.started), updated: ISODate(supervision.now.wall))
    result.status = condition
    result.safeMode = keeper.safeMode
    result.port = Int32(interface.surface?.listening.port ?? 0)
    result.processes = overview.entries().map(\.status)
    measurements.machine.fill(into: &result)
    return result
  }

  var condition: SupervisorCondition {
    switch state.phase {
    case .greeting, .inventory, .adopting: .starting
    case .supervising: supervision.core.isTerminating ? .terminating : keeper.welcome.safeMode != nil ? .safe : .running
    case .leaving: .terminating
    }
  }

  /// Prometheus text format 0.0.4 of everything but the web server's own numbers.
  func metrics(_ answer: @escaping @Sendable (String) -> Void) {
    withFreshUsage { [me] in me { answer($0.metrics) } }
  }

  private var metrics: String {
    var text = MetricsText()
    SupervisorMetrics(
      statuses: supervision.core.statuses, now: supervision.now, started: interface.started,
      predecessors: keeper.welcome.predecessors, measurements: measurements,
      measurementAge: measurements.moment.map { loop.now - $0 }, logs: logs.pump?.counters() ?? [:],
      store: interface.surface?.store?.counters
    ).append(to: &text)
    loops.append(to: &text)
    keeper.counters.append(to: &text)
    return text.text
  }
}
