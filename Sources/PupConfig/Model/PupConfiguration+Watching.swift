extension PupConfiguration {
  /// Extensions of the files whose changes count for a process: the configured ones, or else the defaults and those of the
  /// process's own source files.
  package func watchedExtensions(of process: ProcessConfiguration) -> [String] {
    if let extensions = watcher.extensions { return extensions }
    let known = ConfigurationDefaults.watcherExtensions
    return known + SourceExtensions.of(process.program).filter { !known.contains($0) }
  }

  /// Files that Pup itself writes for this configuration.
  package var pidFiles: [String] { processes.compactMap(\.pidFile) }

  package var logFiles: [String] {
    let destinations = [logger.destination] + processes.map(\.log)
    var seen: Set<String> = []
    return destinations.flatMap { [$0.stdout, $0.stderr] }.compactMap(\.self).filter { seen.insert($0).inserted }
  }
}
