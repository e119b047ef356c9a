internal import PupAPI
internal import PupConfig
internal import PupCore

/// The processes as `GET /processes`, `GET /state` and events show them, at one moment: it asks those who know, and changes
/// nothing.
struct ProcessOverview {
  let supervisor: Supervisor
  let runs: RunTable
  let configuration: PupConfiguration?
  let measurements: ProcessMeasurements
  let telemetry: [ProcessID: ProcessTelemetry]
  let strays: [ProcessID: StrayBook]
  let configurations: ShownConfigurations
  let now: Moment

  func information(of status: ProcessStatus) -> ProcessInformation {
    var information = ProcessInformation(status, configuration: runs[status.id]?.configuration)
    information.telemetry = telemetry[status.id]
    information.strays = strays[status.id]?.living
    if status.pid != nil, let newest = runs.newest(of: status.id) {
      information.resources = measurements.resources(of: newest.key)
    }
    return information
  }

  /// Members follow their cluster; survivors of removed processes come last.
  func entries() -> [ProcessEntry] {
    let statuses = supervisor.statuses(at: now)
    var entries: [ProcessEntry] = []
    entries.reserveCapacity(statuses.count + (configuration?.clusters.count ?? 0))
    var members: [ProcessID: [ProcessInformation]] = [:]
    var places: [ProcessID: Int] = [:]
    for status in statuses {
      let information = information(of: status)
      if let cluster = runs[status.id]?.configuration?.cluster?.id {
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

  private func config(of id: ProcessID) -> JSONObject { configurations.of(id, runs[id]?.configuration, in: configuration) }
}
