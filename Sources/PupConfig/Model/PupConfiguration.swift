package import PupCore

/// A whole configuration: validated, all defaults resolved, all paths absolute.
package struct PupConfiguration: Hashable, Sendable {
  package var name: String?
  /// The folder of the configuration file, absolute: relative paths start here, and it is Pup's working directory.
  package var directory: String
  package var api = APIConfiguration()
  package var logger = LoggerConfiguration()
  package var watcher = WatcherConfiguration()
  /// In the order of the file; each cluster expanded into its members.
  package var processes: [ProcessConfiguration] = []
  package var clusters: [ClusterConfiguration] = []
  package var plugins: [PluginConfiguration] = []

  package init(directory: String) { self.directory = directory }

  /// The process with this id, without regard to case.
  package func process(_ id: ProcessID) -> ProcessConfiguration? { processes.first { $0.id == id } }

  /// What the core needs to know, in the order of `processes`.
  package func definitions() -> [ProcessDefinition] {
    processes.map { ProcessDefinition(id: $0.id, policy: Self.policy(of: $0), cluster: $0.cluster?.id) }
  }
}
