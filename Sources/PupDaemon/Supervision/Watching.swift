internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem
internal import PupWatch

/// One watcher per process with a `watch` key. They share an inotify descriptor, and a thread of their own: listing a large
/// tree takes as long as its disk. Belongs to the control loop.
final class Watching {
  private static let pauseBeforeNextTry: Int64 = 5_000_000_000

  private let control: EventLoop
  private let state: BrainState
  private let supervision: Supervision
  private let logs: BrainLogs
  private var thread: LoopThread?

  init(on control: EventLoop, _ state: BrainState, _ supervision: Supervision, _ logs: BrainLogs) {
    (self.control, self.state, self.supervision, self.logs) = (control, state, supervision, logs)
  }

  /// The thread on which files are watched.
  var loop: EventLoop? { thread?.loop }

  private var me: LoopBound<Watching> { LoopBound(self, to: control) }

  func start() {
    guard let instance = state.instance else { return }
    let configuration = instance.configuration
    let watched = configuration.processes.filter { !$0.watch.isEmpty }
    guard !watched.isEmpty else { return }
    do throws(SystemError) {
      let watchLoop = try EventLoop(name: "pup-watch")
      let hub = WatchHub(loop: watchLoop)
      thread = try LoopThread(running: watchLoop)
      let exclusions = exclusions(instance)
      for process in watched { watch(process, hub, configuration, exclusions) }
    } catch {
      logs.log(.error, .watcher, "no file is watched: \(error); trying again in \(Self.pauseBeforeNextTry / 1_000_000_000) s")
      _ = control.schedule(at: control.now + Self.pauseBeforeNextTry) { [me] in me { $0.start() } }
    }
  }

  private func exclusions(_ instance: SupervisedInstance) -> WatchExclusions {
    let (configuration, description) = (instance.configuration, instance.description)
    let folders = [instance.paths.data, instance.paths.temporary, description.runtimeDirectory]
    let name = description.isAdHoc ? nil : PathText.name(of: description.configurationPath)
    return WatchExclusions(configuration, file: name.map { PathText.join(configuration.directory, $0) }, folders: folders)
  }

  private func watch(
    _ process: ProcessConfiguration, _ hub: WatchHub, _ configuration: PupConfiguration, _ exclusions: WatchExclusions
  ) {
    let id = process.id
    let options = WatchOptions(configuration, for: process)
    do throws(GlobError) {
      let watcher = try FileWatcher(
        hub: hub, paths: process.watch, base: configuration.directory, options: options, excluding: exclusions,
        onChange: { [me, control] path in
          control.post { me { $0.supervision.feed(.fileChanged(id, path: path)) } }
        },
        onProblem: { [me, control] problem in
          control.post { me { $0.logs.log(.warn, .watcher, "\(problem)", about: id) } }
        })
      watcher.start()
    } catch {
      logs.log(.error, .watcher, "nothing is watched: \(error)", about: id)
    }
  }
}
