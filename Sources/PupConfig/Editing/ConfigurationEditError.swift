/// Why a configuration was not changed. The file is untouched.
package enum ConfigurationEditError: Error, Hashable, Sendable {
  /// The text already has problems: one rendered line each.
  case broken([Diagnostic])
  /// `processes` exists but is not a list.
  case noList
  case duplicate(id: String, taken: String)
  case unknown(id: String, nearest: String?)
  /// The id belongs to a cluster's member; the file defines only the cluster.
  case member(id: String, cluster: String)
  /// The edited text would not mean what was requested, or could not be loaded.
  case unsafe(String)

  /// "pup.json: error: what; how to fix"
  package func rendered(file: String) -> String {
    switch self {
    case .broken(let diagnostics):
      diagnostics.map { $0.rendered(file: file) + "\n" }.joined() + "\(file): nothing was changed; fix this first"
    case .noList: "\(file): error: `processes` is not a list; nothing was changed; write processes: [ … ]"
    case .duplicate(let id, let taken):
      "\(file): error: a process `\(taken)` already exists; nothing was changed; choose a name other than `\(id)`, "
        + "or remove the existing one first: pup remove \(taken)"
    case .unknown(let id, let nearest):
      "\(file): error: there is no process `\(id)`\(nearest.map { " (did you mean `\($0)`?)" } ?? ""); nothing was changed"
    case .member(let id, let cluster):
      "\(file): error: `\(id)` is a member of the cluster `\(cluster)`; nothing was changed; "
        + "remove the cluster (pup remove \(cluster)), or change its `instances`"
    case .unsafe(let reason): "\(file): error: \(reason); nothing was changed; edit the file by hand"
    }
  }
}
