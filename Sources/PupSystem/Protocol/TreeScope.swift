/// What a signal reaches; raw values are those of the protocol.
package enum TreeScope: UInt8, Hashable, Sendable, CaseIterable {
  /// The run's process group, leader included.
  case group = 1
  /// Every member of the run's tree.
  case tree = 2
  /// Every member of the tree outside the leader's process group.
  case outsideGroup = 3
}
