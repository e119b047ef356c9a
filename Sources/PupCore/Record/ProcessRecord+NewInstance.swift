/// For a `pup run` that finds programs of an earlier instance whose supervisor and keeper are both gone.
extension ProcessRecord {
  /// A request to stop everything ended with the instance that received it.
  package func forNewInstance() -> ProcessRecord {
    var record = self
    record.terminating = nil
    return record
  }

  /// An operator stopped or blocked it; that decision outlives the instance.
  package var isKeptDown: Bool { heldBy != nil || blockedBy != nil }

  /// The operators' latest decisions.
  package var desired: DesiredState { DesiredState(id: id, heldBy: heldBy, blockedBy: blockedBy) }
}
