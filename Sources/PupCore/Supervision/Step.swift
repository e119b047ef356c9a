/// What every transition gets: the time, whether everything is being stopped, and where its effects go.
struct Step {
  let now: Moment
  /// Who asked for everything to stop.
  let terminating: Actor?
  var effects: [Effect]

  init(now: Moment, terminating: Actor?, effects: [Effect] = []) {
    self.now = now
    self.terminating = terminating
    self.effects = effects
  }

  mutating func log(_ severity: Severity, _ category: String, _ id: ProcessID?, _ text: String) {
    effects.append(.log(severity, category: category, id, text))
  }
}

/// Numbers that the contract fixes.
enum Constants {
  static let terminateSignal: Int32 = 15
  static let killSignal: Int32 = 9
  /// Runs of one process at the same time: with `overrun`, and with leftovers that are kept.
  static let mostRuns = 16
  /// Between SIGTERM to the group and SIGTERM to the rest of the tree.
  static let outsidersDelay = Delay.seconds(1)
  /// SIGKILL is repeated this often until the tree is empty: a member may have forked in between.
  static let killInterval = Delay.seconds(1)
  /// The tail of a pipeline or a helper that ends together with its leader is not called left behind.
  static let settlingTime = Delay.milliseconds(100)
  /// Between the end of a leader and SIGKILL to what it left behind.
  static let leftoversTimeout = Delay.seconds(5)
  /// A program that cannot even be started is not tried again sooner than this.
  static let leastSpawnDelay = Delay.seconds(1)
  /// A clock that is set forward by more was wrong before: starts in between are told, not made up for.
  static let longestCatchUp = WallTime(microseconds: 3 * 3600 * 1_000_000)
  /// A clock that is set back by more was wrong before: its schedule begins anew.
  static let longestStepBack = WallTime(microseconds: 26 * 3600 * 1_000_000)
  /// The two clocks drift by less than this between two inputs; more is a step.
  static let leastStep = WallTime(microseconds: 1_000_000)
}
