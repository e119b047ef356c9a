internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupWatch

/// Warns of watched paths in which no change would count: nothing is as hard to find as something that does not happen.
enum WatchCheck {
  /// The report with these warnings.
  static func complete(_ report: ConfigurationReport, of bytes: [UInt8], _ location: Location) -> ConfigurationReport {
    guard let configuration = report.configuration, configuration.processes.contains(where: { !$0.watch.isEmpty }) else {
      return report
    }
    let exclusions = WatchExclusions(
      configuration, file: location.absoluteConfigurationPath, folders: [location.paths.data, location.paths.temporary])
    var warnings = LateWarnings(bytes)
    var isFirstOfCluster: Set<String> = []
    for process in configuration.processes where !process.watch.isEmpty {
      guard isFirstOfCluster.insert((process.cluster?.id ?? process.id).folded).inserted else { continue }
      do throws(GlobError) {
        try check(process, configuration, exclusions, &warnings)
      } catch {
        warnings.add("watcher", "match", "\(error); nothing is watched", "correct the pattern")
        break
      }
    }
    return warnings.added(to: report)
  }

  private static func check(
    _ process: ProcessConfiguration, _ configuration: PupConfiguration, _ exclusions: WatchExclusions,
    _ warnings: inout LateWarnings
  ) throws(GlobError) {
    let options = WatchOptions(configuration, for: process)
    var survey = try WatchSurvey(base: configuration.directory, options: options, excluding: exclusions)
    for (index, path) in process.watch.enumerated() {
      switch survey.look(at: path) {
      case .inOrder: continue
      case .excluded:
        warnings.add(
          process, "watch", element: index, "Pup itself writes `\(path)`, and what it writes never counts as a change",
          "watch another path")
      case .empty:
        warnings.add(
          process, "watch", element: index, "there is no file below `\(path)` that counts as watched yet",
          "watch a directory with files in it; `node_modules`, and names that begin with a dot, are skipped unless they are watched themselves"
        )
      case .unreadable:
        warnings.add(
          process, "watch", element: index, "`\(path)` cannot be read, so no change in it is noticed",
          "give this user the permission to read it")
      case .nothingCounts(let endings):
        let (what, fix) = reason(path, options, endings)
        warnings.add(process, "watch", element: index, what, fix)
      }
    }
  }

  private static func reason(_ path: String, _ options: WatchOptions, _ endings: [String]) -> (String, String) {
    let some = endings.prefix(5).joined(separator: ", ") + (endings.count > 5 ? ", …" : "")
    let wanted = options.extensions.filter { !$0.isEmpty && $0 != "*" }
    let isByExtension = !wanted.isEmpty && !endings.contains { ending in wanted.contains { ending.hasSuffix(".\($0)") } }
    guard isByExtension else {
      return (
        "no file below `\(path)` counts as watched (there are: \(some))",
        "`watcher.match` and `watcher.skip` leave all of them out; correct them"
      )
    }
    let missing = endings.filter { $0.hasPrefix(".") }.prefix(3).map { "\"\($0.dropFirst())\"" }.joined(separator: ", ")
    return (
      "no file below `\(path)` has one of the extensions that count: \(wanted.joined(separator: ", ")) (there are: \(some))",
      missing.isEmpty ? "name the file itself in `watch`" : "set watcher: { exts: [\(missing)] }, or name files in `watch`"
    )
  }
}
