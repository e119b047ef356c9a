package import PupConfig

extension WatchOptions {
  /// What counts for a process.
  package init(_ configuration: PupConfiguration, for process: ProcessConfiguration) {
    let watcher = configuration.watcher
    self.init(
      intervalMilliseconds: watcher.intervalMilliseconds, extensions: configuration.watchedExtensions(of: process),
      match: watcher.match, skip: watcher.skip)
  }
}

extension WatchExclusions {
  /// Everything that Pup writes by itself.
  /// - Parameters:
  ///   - file: the configuration, absolute; nil without one.
  ///   - folders: those of the instance, wherever they are.
  package init(_ configuration: PupConfiguration, file: String?, folders: [String]) {
    // Those of other configurations in the same folder are also below `.pup`.
    self.folders = folders + [configuration.directory + "/.pup"]
    files = configuration.pidFiles.flatMap { [$0, $0 + ".new"] } + Self.console
    rotatedFiles = configuration.logFiles
    guard let file else { return }
    files.append(file)
    prefixes = Self.folders(of: file).map { "\($0)/\(ConfigurationFile.temporaryPrefix)" }
  }

  /// `pup run > console.log`
  private static let console = ["/proc/self/fd/1", "/proc/self/fd/2"]

  /// An edit is written next to the file that a link leads to.
  private static func folders(of file: String) -> [String] {
    let path = RawPath(file, base: "/")
    return [path.parent, path.real.parent].map(\.text)
  }
}
