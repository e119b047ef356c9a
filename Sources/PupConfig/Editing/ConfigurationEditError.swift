/// Why a configuration is not changed. The file is as it was.
package enum ConfigurationEditError: Error, Hashable, Sendable {
  /// The text has problems already: one rendered line each.
  case broken([Diagnostic])
  /// `processes` is there, but no list.
  case noList
  case duplicate(id: String, taken: String)
  case unknown(id: String, nearest: String?)
  /// The id is that of a member; the cluster is the process of the file.
  case member(id: String, cluster: String)
  /// The edited text would not say what was asked for, or could not be loaded.
  case unsafe(String)

  /// "pup.json: error: what; how to fix"
  package func rendered(file: String) -> String {
    switch self {
    case .broken(let diagnostics):
      diagnostics.map { $0.rendered(file: file) + "\n" }.joined() + "\(file): nothing was changed; correct this first"
    case .noList: "\(file): error: `processes` is not a list; nothing was changed; write processes: [ … ]"
    case .duplicate(let id, let taken):
      "\(file): error: there is a process `\(taken)` already; nothing was changed; choose another name than `\(id)`, "
        + "or remove that one first: pup remove \(taken)"
    case .unknown(let id, let nearest):
      "\(file): error: there is no process `\(id)`\(nearest.map { " (did you mean `\($0)`?)" } ?? ""); nothing was changed"
    case .member(let id, let cluster):
      "\(file): error: `\(id)` is a member of the cluster `\(cluster)`; nothing was changed; "
        + "remove the cluster (pup remove \(cluster)), or change its `instances`"
    case .unsafe(let reason): "\(file): error: \(reason); nothing was changed; edit the file by hand"
    }
  }
}
