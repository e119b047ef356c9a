/// For a `pup run` that finds programs of an earlier one, whose supervisor and keeper are both gone.
extension ProcessRecord {
  /// The wish to stop everything ended with the instance that had it.
  package func forNewInstance() -> ProcessRecord {
    var record = self
    record.terminating = nil
    return record
  }

  /// An operator stopped or blocked it, which outlives the instance.
  package var isKeptDown: Bool { heldBy != nil || blockedBy != nil }

  /// What operators had decided last.
  package var desired: DesiredState { DesiredState(id: id, heldBy: heldBy, blockedBy: blockedBy) }
}
