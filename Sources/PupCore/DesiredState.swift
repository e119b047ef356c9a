/// An operator's persistent decision about a process; it outlives `pup run`.
package struct DesiredState: Hashable, Sendable {
  package var id: ProcessID
  /// Who stopped it manually; it then stays stopped until someone starts it.
  package var heldBy: Cause?
  /// Who blocked it.
  package var blockedBy: Cause?

  package init(id: ProcessID, heldBy: Cause? = nil, blockedBy: Cause? = nil) {
    self.id = id
    self.heldBy = heldBy
    self.blockedBy = blockedBy
  }
}
