/// Which processes a signal is sent to.
package enum SignalScope: UInt8, Hashable, Sendable {
  /// The run's process group, including its leader.
  case group = 1
  /// Every member of the run's tree.
  case tree = 2
  /// Every member of the tree outside the leader's process group.
  case outsideGroup = 3
}
