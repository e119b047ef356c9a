internal import PupAPI
internal import PupConfig
internal import PupInstance
internal import PupRestClient

/// An instance at one moment: itself, and its processes.
struct StatusSnapshot: Sendable {
  var processes: [ProcessInformation]
  var header: StatusHeader

  static func take(_ instance: Instance, _ location: Location) async throws(PupError) -> StatusSnapshot {
    let state = try await instance.client.getState()
    return StatusSnapshot(processes: state.processes, header: StatusHeader(state, instance, location))
  }
}

/// What `pup status` says about Pup itself.
struct StatusHeader: Sendable {
  var name: String?
  var version: String
  var condition: SupervisorCondition
  var pid: Int32
  var started: ISODate
  var url: String?
  var configuration: String?
  var drift: ConfigurationDrift?
  var safeMode: SafeMode?

  init(name: String?, version: String, condition: SupervisorCondition, pid: Int32, started: ISODate) {
    self.name = name
    self.version = version
    self.condition = condition
    self.pid = pid
    self.started = started
  }

  init(_ state: ApplicationState, _ instance: Instance, _ location: Location) {
    self.init(
      name: nil, version: state.version, condition: state.status, pid: instance.keeper, started: state.started)
    safeMode = state.safeMode
    guard let inForce = LiveInstance(keeper: instance.keeper)?.description else { return }
    configuration = inForce.absoluteConfigurationPath ?? "made of the command line"
    drift = ConfigurationDrift(inForce, option: location.option)
    let settings = inForce.settings
    name = settings?.name
    if state.port > 0, let api = settings?.api {
      let host = api.hostname.contains(":") && !api.hostname.hasPrefix("[") ? "[\(api.hostname)]" : api.hostname
      url = "\(api.tls == nil ? "http" : "https")://\(host):\(state.port)"
    }
  }

  /// "shop: Pup 0.1.0, pid 4711, up 3h5m", then where it is reached and what it was made of; what does not fit stands on a line
  /// of its own.
  func text(width: Int, now: ISODate) -> String {
    let uptime = Measures.duration(seconds: (now.microseconds - started.microseconds) / 1_000_000)
    let state = condition.isReady || condition == .unknown ? "" : ", \(condition.rawValue)"
    let first = "\(name.map { "\($0): " } ?? "")Pup \(version), pid \(pid), up \(uptime)\(state)"
    var lines = [first.visibleLine]
    for part in [url, configuration].compactMap(\.self).map(\.visibleLine) {
      if lines[lines.count - 1].count + 2 + part.count <= width {
        lines[lines.count - 1] += "  " + part
      } else {
        lines.append(part)
      }
    }
    if let sentence = drift?.sentence { lines.append(sentence.visibleLine.wrapped(to: max(width, 20))) }
    return lines.joined(separator: "\n") + "\n\n"
  }
}
