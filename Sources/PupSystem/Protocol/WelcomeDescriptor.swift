/// The descriptors that travel with `KeeperMessage.welcome`; raw values are their places.
package enum WelcomeDescriptor: Int, CaseIterable, Sendable {
  /// The configuration in force and where it came from.
  case instance
  /// Per process: generation, state, counters, deadlines.
  case state
  /// `StreamLedger`.
  case streams
  /// The log sinks' commit records.
  case sinks
  /// The instance lock (flock).
  case lock
  /// The executables in use, so that a brain can start a new keeper after the death of the old one.
  case keeperExecutable, brainExecutable, initExecutable
}
