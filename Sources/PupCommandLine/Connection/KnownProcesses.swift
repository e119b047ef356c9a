internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupRestClient

/// The processes that a running Pup has, or its configuration where none runs.
struct KnownProcesses {
  /// Not those of clusters.
  var ids: [String]
  /// The members of each.
  var clusters: [String: [String]]

  /// Of processes and clusters.
  var names: [String] { ids + clusters.keys.sorted() }

  /// The processes that are meant: a cluster brings its members. Nil where none is.
  /// - Parameter pattern: in lower case.
  func processes(fitting pattern: String) -> [String]? {
    guard names.contains(where: { ProcessSelection.matches($0.lowercased(), pattern) }) else { return nil }
    let members = clusters.filter { ProcessSelection.matches($0.key.lowercased(), pattern) }.values.joined()
    return ids.filter { ProcessSelection.matches($0.lowercased(), pattern) || members.contains($0) }
  }

  /// Quick and silent; nil where there is neither, or where they cannot be read.
  static func of(_ location: Location) -> KnownProcesses? { running(location) ?? configured(location) }

  private static func running(_ location: Location) -> KnownProcesses? {
    guard let client = try? Instance.find(location, options: .hurried, patience: 0).client,
      let processes = try? AsyncWork.run({ () async throws(PupError) in try await client.getProcesses().map(\.status) })
    else { return nil }
    var known = KnownProcesses(ids: [], clusters: [:])
    for process in processes {
      if process.type == .cluster { known.clusters[process.id] = process.members ?? [] } else { known.ids.append(process.id) }
    }
    return known
  }

  /// What the configuration names; nil where it cannot be read.
  static func configured(_ location: Location) -> KnownProcesses? {
    guard let path = location.configurationPath, let bytes = try? ConfigurationFile.read(path) else { return nil }
    let report = PupConfiguration.load(
      bytes: bytes, path: path, directory: location.directory,
      environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current), checkingFiles: false)
    guard let configuration = report.configuration else { return nil }
    var known = KnownProcesses(ids: configuration.processes.map(\.id.text), clusters: [:])
    for cluster in configuration.clusters {
      known.clusters[cluster.id.text] = configuration.processes.filter { $0.cluster?.id == cluster.id }.map(\.id.text)
    }
    return known
  }
}

extension PupClientOptions {
  /// For answers that are worth no waiting.
  static var hurried: PupClientOptions {
    var options = PupClientOptions()
    options.timeout = .milliseconds(500)
    options.retries = 0
    return options
  }
}
