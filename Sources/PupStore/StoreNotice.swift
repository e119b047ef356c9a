/// What the store's owner should report to people.
package enum StoreNotice: Hashable, Sendable, CustomStringConvertible {
  /// Writing fails; pending writes are kept in memory and retried.
  case failing(StoreError)
  /// Writing works again; this many transitions and events had to be dropped in the meantime.
  case recovered(dropped: UInt64)
  /// The file was damaged and has been moved away; a new one is in use. The text says what could be read from it.
  case damaged(reason: String, movedTo: String, kept: String)
  /// The file was removed, moved or replaced while it was open, and has been re-created. The text says what it holds.
  case remade(path: String, kept: String, isComplete: Bool)
  /// A file of another program under the name that ours used to have.
  case leftAlone(String)
  /// One write was refused for good and was skipped.
  case refused(StoreError)

  package var isError: Bool {
    switch self {
    case .recovered, .leftAlone: false
    case .failing, .damaged, .remade, .refused: true
    }
  }

  package var description: String {
    switch self {
    case .failing(let error): "\(error); changes are kept in memory for now, and stored when writing works again"
    case .recovered(let dropped):
      dropped == 0
        ? "the store can be written again; nothing was lost"
        : "the store can be written again; \(dropped == 1 ? "1 transition or event is" : "\(dropped) transitions and events are") missing from it"
    case .damaged(let reason, let path, let kept):
      "the store was damaged (\(reason)) and has been set aside as \(path); a new one is in use. \(kept)"
    case .remade(let path, let kept, _):
      "the store \(path) was removed or replaced while Pup was running, and has been re-created. \(kept)"
    case .leftAlone(let path):
      "\(path) does not belong to this Pup (the original keeps its logs there); it is left alone, and history and tokens are kept in a file of their own"
    case .refused(let error): "\(error); this record is skipped"
    }
  }
}
