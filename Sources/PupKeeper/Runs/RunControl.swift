internal import Glibc
internal import PupSystem

/// Everything that is done with runs, from their start to the moment when the brain has forgotten them. Composes the types that
/// each do a part of it.
final class RunControl {
  private let runs: RunRegistry
  private let children: Children
  private let link: BrainLink
  let cgroups: RunCgroups
  let strays: Strays
  let trees: TreeControl
  private let watch: RunWatch
  private let spawner: Spawner
  private let adopter: Adopter

  init(
    installation: Installation, null: Descriptor, poller: Poller, runs: RunRegistry, children: Children, link: BrainLink
  ) {
    (self.runs, self.children, self.link) = (runs, children, link)
    cgroups = RunCgroups(path: installation.arguments.cgroupBase)
    strays = Strays(installation: installation, runs: runs, children: children, cgroups: cgroups, link: link)
    trees = TreeControl(poller: poller, runs: runs, children: children, cgroups: cgroups, strays: strays, link: link)
    watch = RunWatch(poller: poller, runs: runs, children: children, cgroups: cgroups, trees: trees, link: link)
    spawner = Spawner(
      installation: installation, null: null, poller: poller, runs: runs, children: children, cgroups: cgroups, trees: trees,
      watch: watch, link: link)
    adopter = Adopter(installation: installation, runs: runs, cgroups: cgroups, trees: trees, watch: watch, link: link)
  }

  // MARK: What the brain asks for

  /// - Parameter descriptors: the specification, and what the program gets besides its standard streams.
  func spawn(_ key: EntryKey, _ descriptors: [Descriptor]) {
    spawner.spawn(key, specification: descriptors.first, travelling: descriptors.dropFirst().map(\.number))
  }

  func adopt(_ inventory: InventoryEntry, grace: UInt64, timeout: UInt64, descriptors: [Descriptor]) {
    adopter.adopt(inventory, grace: grace, timeout: timeout, descriptors: descriptors)
  }

  func signal(_ key: EntryKey, _ signal: Int32, scope: UInt8) {
    guard let scope = TreeScope(rawValue: scope), signal > 0, signal < 65 else {
      return complain(
        "the supervisor asked for signal \(signal) to scope \(scope) of run \(key), which this keeper does not know; not sent")
    }
    trees.signal(key, signal, scope)
  }

  /// The brain has recorded the exit and drained the output.
  func forget(_ key: EntryKey) {
    guard let entry = runs[key] else { return }
    if entry.isLive {
      complain("the supervisor wants to forget run \(key), which is alive; kept")
      return
    }
    watch.dismissInit(of: key)
    runs[key] = nil
    link.forget(key)
  }

  // MARK: What the kernel tells

  func leaderEnded(_ key: EntryKey) { watch.leaderEnded(key) }

  func errorPipeReady(_ key: EntryKey) { watch.errorPipeReady(key) }

  func reportsReady(_ key: EntryKey) { watch.reportsReady(key) }

  func initProcessEnded(_ key: EntryKey) { watch.initProcessEnded(key) }

  func cgroupChanged(_ key: EntryKey) { trees.cgroupChanged(key) }

  func childEnded() { lookAtStrays(after: children.reapStrangers()) }

  /// The orphans of one that was reaped have come up to this keeper.
  private func lookAtStrays(after hasReaped: Bool) {
    if hasReaped, !strays.book.isEmpty { trees.lookNow() }
  }

  // MARK: What time brings

  var deadline: Int64? {
    [children.deadline, watch.deadline, trees.deadline, cgroups.deadline].compactMap { $0 }.min()
  }

  func tick(_ now: Int64) {
    lookAtStrays(after: children.tick(now))
    watch.tick(now)
    if let at = trees.deadline, at <= now { lookAgain() }
    cgroups.tick(now)
  }

  private func lookAgain() {
    trees.forgetDeadline()
    for key in trees.takeUnwatched() { watch.rewatch(key) }
    trees.checkUntold()
  }

  // MARK: Through an exec

  func save(to state: inout KeeperState) {
    state.inherited = children.inherited.union(children.dismissed)
    (state.strays, state.lost) = (strays.book.byRun, strays.book.lost)
    (state.lastGeneration, state.cgroupsToRemove) = (runs.lastGeneration, cgroups.left)
  }

  /// What is known of the runs; they are watched once there is a brain that can be told.
  func resume(_ state: KeeperState, _ entries: [Entry]) {
    children.resume(inherited: state.inherited)
    strays.resume(StrayBook(byRun: state.strays, lost: state.lost))
    cgroups.resume(left: state.cgroupsToRemove)
    runs.resume(entries, lastGeneration: state.lastGeneration)
  }

  func rewatchAll() {
    for key in runs.entries.keys { watch.rewatch(key) }
    // Signals and deaths of the moment between are level-triggered or pending; strangers are looked for once.
    children.lookNow()
    if !strays.book.isEmpty { trees.lookNow() }
  }

  // MARK: The end

  func end() {
    strays.endLost()
    cgroups.removeAll()
  }
}
