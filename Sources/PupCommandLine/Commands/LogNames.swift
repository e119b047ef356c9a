internal import PupConfig
internal import PupLogs

/// Whose lines are asked for: ids, globs and clusters, made into ids.
struct LogNames {
  /// As written.
  let asked: [String]
  /// What a reader of the logs takes. Ids that nobody knows are among them: a process that was removed has left lines.
  private(set) var chosen: [String] = []
  /// What nobody knows; in words, for where it has no lines either.
  private(set) var problem: String?

  /// - Parameter known: the processes that run here or are configured; nil where that cannot be told.
  init(_ asked: [String], known: KnownProcesses?) {
    self.asked = asked
    for name in asked {
      let selection = ProcessSelection([name])
      let found = (known?.ids ?? []).filter(selection.fits)
      let members = (known?.clusters ?? [:]).filter { selection.fits($0.key) }.flatMap(\.value)
      chosen += found + members
      if !ProcessSelection.isGlob(name) { chosen.append(name) }
      guard let known, found.isEmpty, members.isEmpty, name.lowercased() != LogEntry.core else { continue }
      if name.lowercased() == "all" { continue }
      if ProcessSelection.isGlob(name) {
        problem = problem ?? "no process fits '\(name)'; see: pup status"
      } else {
        let nearest = NearestName.find(name, among: known.ids + known.clusters.keys.sorted() + [LogEntry.core])
        problem =
          problem
          ?? "there is no process '\(name)' here\(nearest.map { " (did you mean '\($0)'?)" } ?? ""), and the log has no lines of it"
      }
    }
  }
}
