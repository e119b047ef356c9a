internal import Glibc
internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem

/// The processes as `GET /processes` and `GET /state` show them.
extension Daemon {
  /// Older measurements of the trees are made anew before they are shown.
  private static let freshness: Int64 = 1_000_000_000

  func information(of status: ProcessStatus) -> ProcessInformation {
    var information = ProcessInformation(status, configuration: processes[status.id]?.configuration)
    information.telemetry = telemetry[status.id]
    if status.pid != nil, let measured = usage[status.id], measured.generation == newestRun(of: status.id)?.key {
      information.resources = measured.shown
    }
    return information
  }

  func newestRun(of id: ProcessID) -> (key: UInt32, value: LiveRun)? { processes[id]?.runs.max { $0.key < $1.key } }

  /// Members follow their cluster; survivors of removed processes come last.
  func entries() -> [ProcessEntry] {
    let statuses = supervisor.statuses(at: now)
    var entries: [ProcessEntry] = []
    entries.reserveCapacity(statuses.count + (configuration?.clusters.count ?? 0))
    var members: [ProcessID: [ProcessInformation]] = [:]
    var places: [ProcessID: Int] = [:]
    for status in statuses {
      let information = information(of: status)
      if let cluster = processes[status.id]?.configuration?.cluster?.id {
        if places[cluster] == nil {
          places[cluster] = entries.count
          entries.append(ProcessEntry(status: information, config: JSONObject()))
        }
        members[cluster, default: []].append(information)
      }
      entries.append(ProcessEntry(status: information, config: config(of: status.id)))
    }
    for (id, place) in places { entries[place] = entry(ofCluster: id, members[id] ?? []) }
    for cluster in configuration?.clusters ?? [] where places[cluster.id] == nil {
      entries.append(entry(ofCluster: cluster.id, []))
    }
    return entries
  }

  private func entry(ofCluster id: ProcessID, _ members: [ProcessInformation]) -> ProcessEntry {
    let cluster = configuration?.clusters.first { $0.id == id }
    let first = members.first.map { config(of: ProcessID($0.id)) }
    return ProcessEntry(
      status: ProcessInformation(cluster: id, state: supervisor.clusterState(of: id) ?? .created, members: members),
      config: cluster?.shown(member: first) ?? JSONObject([("id", .string(id.text))]))
  }

  /// Made when somebody asks for the first time; it does not change while this configuration is in force.
  private func config(of id: ProcessID) -> JSONObject {
    if let known = shown[id] { return known }
    let made = processes[id]?.configuration.map { $0.shown(policy: PupConfiguration.policy(of: $0)) }
    shown[id] = made ?? JSONObject([("id", .string(id.text))])
    return shown[id] ?? JSONObject()
  }

  // MARK: Measuring

  /// Calls back on the control loop when the measurements are fresh; at once where they are, or where nothing can be measured. What cannot be
  /// measured in half a second, because a process is stuck in the kernel, is shown as it was.
  func withFreshUsage(_ body: @escaping @Sendable () -> Void) {
    guard let surface, Clock.boot - measuredAt > Self.freshness else { return body() }
    measurement.wait(body) {
      let targets = treeTargets()
      surface.sampler.loop.post { [weak self, loop] in
        let machine = MachineState.read()
        let trees = targets.mapValues(TreeSampler.measure(_:))
        loop.post { [weak self] in self?.assumeIsolated { $0.measured(trees, machine) } }
      }
    }
  }

  private func treeTargets() -> [ProcessID: TreeTarget] {
    var targets: [ProcessID: TreeTarget] = [:]
    for id in processes.keys {
      guard let run = newestRun(of: id), !run.value.isEmpty, run.value.record.pid > 0 else { continue }
      let isInCgroup = run.value.record.initPid == 0 && !welcome.cgroupBase.isEmpty
      let cgroup = RunRecord.cgroupName(process: id.text, generation: run.key)
      targets[id] = TreeTarget(
        pid: run.value.record.pid, initPid: run.value.record.initPid,
        cgroup: isInCgroup ? "\(welcome.cgroupBase)/\(cgroup)" : "")
    }
    return targets
  }

  private func measured(_ trees: [ProcessID: TreeUsage], _ machine: MachineState) {
    let now = Clock.boot
    var next: [ProcessID: MeasuredUsage] = [:]
    for (id, tree) in trees {
      guard let run = newestRun(of: id) else { continue }
      let started = supervisor.status(of: id)?.started?.microseconds ?? Clock.wallMicroseconds
      next[id] = MeasuredUsage(
        tree, at: now, generation: run.key, age: Clock.wallMicroseconds - started, before: usage[id])
    }
    usage = next
    self.machine = machine
    measuredAt = now
    measurement.finish()
  }

  // MARK: The supervisor itself

  func applicationState(_ answer: @escaping @Sendable (ApplicationState) -> Void) {
    withFreshUsage { [weak self] in
      self?.assumeIsolated { daemon in
        var state = ApplicationState(
          pid: daemon.keeperPid, version: PupVersion.text, started: ISODate(daemon.started),
          updated: ISODate(daemon.now.wall))
        state.status = daemon.phaseWord
        state.port = Int32(daemon.surface?.port ?? 0)
        state.processes = daemon.entries().map(\.status)
        daemon.machine.fill(into: &state)
        answer(state)
      }
    }
  }

  var phaseWord: String {
    switch phase {
    case .greeting, .inventory, .adopting: "starting"
    case .supervising: supervisor.isTerminating ? "terminating" : welcome.safe ? "safe" : "running"
    case .leaving: "terminating"
    }
  }
}
