/// The command line of a brain, which only a keeper writes.
package struct SupervisorArguments: Hashable, Sendable {
  /// The first word, and the name of the executable.
  package static let program = "pup-supervisor"

  /// The sockets to the keeper.
  package var control: Int32
  package var logs: Int32
  /// Another brain is in charge: greet, and wait for the keeper.
  package var isStandby: Bool

  private static let controlOption = "--control"
  private static let logsOption = "--logs"
  private static let standbyOption = "--standby"

  package init(control: Int32, logs: Int32, isStandby: Bool) {
    (self.control, self.logs, self.isStandby) = (control, logs, isStandby)
  }

  /// Nil for anything that no keeper writes.
  package init?(_ words: [String]) {
    self.init(control: -1, logs: -1, isStandby: false)
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      switch word {
      case Self.controlOption: control = rest.popFirst().flatMap { Int32($0) } ?? -1
      case Self.logsOption: logs = rest.popFirst().flatMap { Int32($0) } ?? -1
      case Self.standbyOption: isStandby = true
      // From a later keeper, if a supervisor that does not know it still does its job.
      case _ where word.hasPrefix(KeeperArguments.optionalPrefix): _ = rest.popFirst()
      default: return nil
      }
    }
    guard control >= 0, logs >= 0 else { return nil }
  }

  /// The whole command line; `init(_:)` reads it back.
  package var words: [String] {
    [Self.program, Self.controlOption, "\(control)", Self.logsOption, "\(logs)"] + (isStandby ? [Self.standbyOption] : [])
  }
}
