/// The context of a transition: the time, whether everything is being stopped, and where effects are collected.
struct Step {
  let now: Moment
  /// Who requested that everything be stopped.
  let terminating: Cause?
  var effects: [Effect]

  init(now: Moment, terminating: Cause?, effects: [Effect] = []) {
    self.now = now
    self.terminating = terminating
    self.effects = effects
  }

  mutating func log(_ severity: Severity, _ category: LogCategory, _ id: ProcessID?, _ text: String) {
    effects.append(.log(severity, category, id, text))
  }

  mutating func logChange(_ severity: Severity, _ category: LogCategory, _ id: ProcessID, _ text: String) {
    effects.append(.logChange(severity, category, id, text))
  }
}

/// Numbers fixed by the contract.
enum Constants {
  static let terminateSignal: Int32 = 15
  static let killSignal: Int32 = 9
  /// Time between SIGTERM to the group and SIGTERM to the rest of the tree.
  static let outsidersDelay = Delay.seconds(1)
  /// SIGKILL is repeated this often until the tree is empty: a member may have forked in the meantime.
  static let killInterval = Delay.seconds(1)
  /// A pipeline's tail or a helper that ends together with the leader does not count as left behind.
  static let settlingTime = Delay.milliseconds(100)
  /// Time between the end of a leader and SIGKILL to what it left behind.
  static let leftoversTimeout = Delay.seconds(5)
  /// A leader that ends successfully within this time after its start
  /// and leaves processes behind has put itself into the background.
  static let shortRun = WallTime(microseconds: 10_000_000)
  /// The minimum delay before retrying a program that could not even be started.
  static let leastSpawnDelay = Delay.seconds(1)
  /// A clock set forward by more than this was wrong before: starts in between are reported, not made up for.
  static let longestCatchUp = WallTime(microseconds: 3 * 3600 * 1_000_000)
  /// A clock set back by more than this was wrong before: schedules begin anew.
  static let longestStepBack = WallTime(microseconds: 26 * 3600 * 1_000_000)
  /// The two clocks drift by less than this between two inputs; more is a step.
  static let leastStep = WallTime(microseconds: 1_000_000)
}
