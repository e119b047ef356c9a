internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem

/// What `pup sweep` has ended, in the history: nobody else was there to see it.
enum SweptHistory {
  /// - Precondition: no Pup can start meanwhile.
  /// - Returns: why the history does not have it; nil where it does.
  static func record(_ ended: [Sweep.Ended], in paths: StoragePaths) -> String? {
    guard access(paths.databaseFile, F_OK) == 0 else { return complaint("\(paths.databaseFile) is missing") }
    let store: Store
    do throws(StoreError) {
      store = try Store.open(paths.databaseFile) { Terminal.complain("pup: \($0)") }
    } catch {
      return complaint("\(error)")
    }
    defer { store.close() }
    for run in ended {
      let latch = Latch<StoreOutcome>()
      store.record(transition(run)) { latch.open(with: $0) }
      switch latch.wait() {
      case .saved: break
      case .delayed(let error), .refused(let error): return complaint("\(error)")
      }
    }
    return nil
  }

  private static func complaint(_ reason: String) -> String { "this is not in the history: \(reason)" }

  private static func transition(_ run: Sweep.Ended) -> Transition {
    var transition = Transition(
      time: WallTime(microseconds: Clock.wallMicroseconds), process: ProcessID(run.process), old: .running, new: .finished,
      actor: .consumer(Instance.actor))
    (transition.generation, transition.exit) = (run.generation, .unknown)
    // Of a run that only its cgroup tells of, no pid is known.
    if run.pid > 0 { transition.pid = run.pid }
    transition.reason = "finished: ended by pup sweep, as Pup was gone"
    return transition
  }
}
