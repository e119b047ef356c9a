/// An operator's persistent decision about a process; it outlives `pup run`.
package struct DesiredState: Hashable, Sendable {
  package var id: ProcessID
  /// Who stopped it manually; it then stays stopped until someone starts it.
  package var heldBy: Actor?
  /// Who blocked it.
  package var blockedBy: Actor?

  package init(id: ProcessID, heldBy: Actor? = nil, blockedBy: Actor? = nil) {
    self.id = id
    self.heldBy = heldBy
    self.blockedBy = blockedBy
  }
}
