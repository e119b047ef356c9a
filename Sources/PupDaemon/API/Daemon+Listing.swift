internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem

/// The processes as `GET /processes` and `GET /state` show them.
extension Daemon {
  var overview: ProcessOverview {
    ProcessOverview(
      supervisor: supervisor, runs: runs, configuration: configuration, measurements: measurements, telemetry: telemetry,
      strays: strays,
      configurations: shownConfigurations, now: now)
  }

  func information(of status: ProcessStatus) -> ProcessInformation { overview.information(of: status) }

  func entries() -> [ProcessEntry] { overview.entries() }

  /// Calls back on the control loop when the measurements are fresh, or can be had no fresher; at once where nothing can be
  /// measured.
  func withFreshUsage(_ body: @escaping @Sendable () -> Void) {
    guard let surface else { return body() }
    measurements.whenFresh(on: surface.sampler.loop, { subjectsOfMeasuring() }, body)
  }

  private func subjectsOfMeasuring() -> [ProcessMeasurements.Subject] {
    runs.all.compactMap { process in
      guard let (key, run) = runs.newest(of: process.id), !run.isEmpty, run.record.pid > 0 else { return nil }
      let tree = run.record.tree(process: process.id.text, cgroupBase: welcome.cgroupBase)
      return ProcessMeasurements.Subject(
        key: key, tree: tree, started: supervisor.status(of: process.id)?.started?.microseconds)
    }
  }

  // MARK: The supervisor itself

  func applicationState(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    withFreshUsage { [weak self] in
      self?.assumeIsolated { daemon in
        var state = ApplicationState(
          pid: daemon.keeperPid, version: PupVersion.text, started: ISODate(daemon.started),
          updated: ISODate(daemon.now.wall))
        state.status = daemon.condition
        state.safeMode = daemon.safeMode
        state.port = Int32(daemon.surface?.port ?? 0)
        state.processes = daemon.entries().map(\.status)
        daemon.measurements.machine.fill(into: &state)
        answer(state)
      }
    }
  }

  var condition: SupervisorCondition {
    switch phase {
    case .greeting, .inventory, .adopting: .starting
    case .supervising: supervisor.isTerminating ? .terminating : welcome.safeMode != nil ? .safe : .running
    case .leaving: .terminating
    }
  }
}
