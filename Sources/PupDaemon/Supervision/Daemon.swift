internal import PupConfig
package import PupCore
internal import PupInstance
package import PupSystem
internal import PupWeb

/// The supervisor as other threads see it: an actor that is pinned to the control loop, with the brain inside.
package actor Daemon {
  package nonisolated let loop: EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  let brain: Brain

  package init(loop: EventLoop, control: Int32, logs: Int32, standby: Bool, variables: [String: String]) {
    self.init(
      loop: loop, control: control, logs: logs, standby: standby, variables: variables, surroundings: BrainSurroundings())
  }

  init(
    loop: EventLoop, control: Int32, logs: Int32, standby: Bool, variables: [String: String], surroundings: BrainSurroundings
  ) {
    self.loop = loop
    brain = Brain(
      on: loop, logSocket: Descriptor(logs), standby: standby, SystemConfigurationEnvironment(variables: variables), surroundings)
    let control = Descriptor(control)
    onControl { $0.start(control) }
  }

  private func start(_ control: Descriptor) {
    brain.interface.backend = { [weak self] logs in self.map { APIBackend($0, logs: logs) } }
    brain.start(control)
  }

  /// The brain belongs to the control loop's thread, where this actor is at home.
  nonisolated func onControl(_ body: @escaping @Sendable (isolated Daemon) -> Void) {
    loop.post { [self] in assumeIsolated { body($0) } }
  }

  /// The same for callers that need the brain only.
  nonisolated func ask(_ body: @escaping @Sendable (Brain) -> Void) { onControl { body($0.brain) } }

  // MARK: For tests, which have no interface

  /// Carries out a command; the answer comes on the control loop.
  package nonisolated func submit(
    _ action: Command.Action, _ target: Command.Target, actor: Cause, answer: @escaping @Sendable (CommandAnswer) -> Void
  ) {
    ask { $0.clients.submit(action, target, actor: actor, answer: answer) }
  }

  /// All processes, as they are now.
  package nonisolated func statuses(_ receive: @escaping @Sendable ([ProcessStatus]) -> Void) {
    ask { receive($0.supervision.core.statuses) }
  }

  /// Descriptors that the keeper holds for the brains to come, by name; this brain's own copies.
  package var kept: [String: Descriptor] { brain.kept.all }

  /// See `KeptDescriptors`.
  package func keep(_ descriptor: Descriptor, name: String) -> Bool { brain.kept.keep(descriptor, name: name) }

  package func drop(name: String) { brain.kept.drop(name: name) }

  package var otherLoops: [(loop: EventLoop, isEssential: Bool)] { brain.loops.others }

  package var loopLimits: LoopWatch.Limits {
    get { brain.loops.watch.limits }
    set { brain.loops.watch.limits = newValue }
  }
}
