internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem
internal import PupWatch

extension Daemon {
  /// One watcher per process with a `watch` key. They share an inotify descriptor, and a thread of their own: listing a large
  /// tree takes as long as its disk.
  func startWatching() {
    guard let configuration else { return }
    let watched = configuration.processes.filter { !$0.watch.isEmpty }
    guard !watched.isEmpty else { return }
    do throws(SystemError) {
      let watchLoop = try EventLoop(name: "pup-watch")
      let hub = WatchHub(loop: watchLoop)
      watchThread = try LoopThread(running: watchLoop)
      let exclusions = exclusions(configuration)
      for process in watched { watch(process, hub, configuration, exclusions) }
    } catch {
      log(.error, .watcher, "no file is watched: \(error); trying again in \(Self.pauseBeforeNextTry / 1_000_000_000) s")
      _ = loop.schedule(at: loop.now + Self.pauseBeforeNextTry) { [weak self] in self?.assumeIsolated { $0.startWatching() } }
    }
  }

  private func exclusions(_ configuration: PupConfiguration) -> WatchExclusions {
    let folders = [paths?.data, paths?.temporary, instance?.runtimeDirectory].compactMap(\.self)
    let name = instance.flatMap { $0.isAdHoc ? nil : PathText.name(of: $0.configurationPath) }
    return WatchExclusions(configuration, file: name.map { PathText.join(configuration.directory, $0) }, folders: folders)
  }

  private func watch(
    _ process: ProcessConfiguration, _ hub: WatchHub, _ configuration: PupConfiguration, _ exclusions: WatchExclusions
  ) {
    let id = process.id
    let options = WatchOptions(configuration, for: process)
    let loop = loop
    do throws(GlobError) {
      let watcher = try FileWatcher(
        hub: hub, paths: process.watch, base: configuration.directory, options: options, excluding: exclusions,
        onChange: { [weak self] path in
          loop.post { [weak self] in self?.assumeIsolated { $0.feed(.fileChanged(id, path: path)) } }
        },
        onProblem: { [weak self] problem in
          loop.post { [weak self] in self?.assumeIsolated { $0.log(.warn, .watcher, "\(problem)", about: id) } }
        })
      watcher.start()
    } catch {
      log(.error, .watcher, "nothing is watched: \(error)", about: id)
    }
  }
}
