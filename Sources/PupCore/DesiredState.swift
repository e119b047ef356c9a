/// An operator's standing wish for a process; it outlives a run of `pup run`.
package struct DesiredState: Hashable, Sendable {
  package var id: ProcessID
  /// Who stopped it by hand; it then stays down until somebody starts it.
  package var heldBy: Actor?
  /// Who blocked it.
  package var blockedBy: Actor?

  package init(id: ProcessID, heldBy: Actor? = nil, blockedBy: Actor? = nil) {
    self.id = id
    self.heldBy = heldBy
    self.blockedBy = blockedBy
  }
}
