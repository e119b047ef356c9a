package import PupCore

/// A complete configuration: validated, all defaults resolved, all paths absolute.
package struct PupConfiguration: Hashable, Sendable {
  package var name: String?
  /// The absolute path of the configuration file's folder: relative paths start here, and it is Pup's working directory.
  package var directory: String
  package var api = APIConfiguration()
  package var logger = LoggerConfiguration()
  package var watcher = WatcherConfiguration()
  /// In file order, with each cluster expanded into its members.
  package var processes: [ProcessConfiguration] = []
  package var clusters: [ClusterConfiguration] = []
  package var plugins: [PluginConfiguration] = []

  package init(directory: String) { self.directory = directory }

  /// The process with this id, ignoring case.
  package func process(_ id: ProcessID) -> ProcessConfiguration? { processes.first { $0.id == id } }

  /// What the core needs to know, in the order of `processes`.
  package func definitions() -> [ProcessDefinition] {
    processes.map { ProcessDefinition(id: $0.id, policy: Self.policy(of: $0), cluster: $0.cluster?.id) }
  }
}
