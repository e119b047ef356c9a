internal import PupConfig
internal import PupCore
internal import PupLogs
internal import PupSystem
internal import PupWatch

extension Daemon {
  /// One watcher per process with a `watch` key. They share an inotify descriptor, and a thread of their own: listing a large tree takes as
  /// long as its disk.
  func startWatching() {
    guard let configuration else { return }
    let watched = configuration.processes.filter { !$0.watch.isEmpty }
    guard !watched.isEmpty else { return }
    do throws(SystemError) {
      let watchLoop = try EventLoop(name: "pup-watch")
      let hub = WatchHub(loop: watchLoop)
      watchThread = try LoopThread(running: watchLoop)
      for process in watched { watch(process, hub, configuration) }
    } catch {
      log(.error, "watch", "no file is watched: \(error)")
    }
  }

  private func watch(_ process: ProcessConfiguration, _ hub: WatchHub, _ configuration: PupConfiguration) {
    let id = process.id
    let watcher = configuration.watcher
    let options = WatchOptions(
      intervalMilliseconds: watcher.intervalMilliseconds, extensions: watcher.extensions, match: watcher.match, skip: watcher.skip
    )
    let loop = loop
    do throws(GlobError) {
      let watcher = try FileWatcher(
        hub: hub, paths: process.watch, base: configuration.directory, options: options,
        onChange: { [weak self] path in
          loop.post { [weak self] in self?.assumeIsolated { $0.feed(.fileChanged(id, path: path)) } }
        },
        onProblem: { [weak self] problem in
          loop.post { [weak self] in self?.assumeIsolated { $0.log(.warn, "watch", "\(id): \(problem)") } }
        })
      watcher.start()
    } catch {
      log(.error, "watch", "\(id): nothing is watched: \(error)")
    }
  }
}
