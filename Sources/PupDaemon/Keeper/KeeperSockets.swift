internal import PupSystem

/// A brain's ends of the sockets to one keeper.
struct KeeperSockets: Sendable {
  var control: Descriptor
  var logs: Descriptor
}
