/// What the store's owner should tell people.
package enum StoreNotice: Hashable, Sendable, CustomStringConvertible {
  /// Writing fails; what waits is kept in memory and tried again.
  case failing(StoreError)
  /// Writing works again; so many transitions and events had to be dropped meanwhile.
  case recovered(dropped: UInt64)
  /// The file was damaged and has been moved away; a new one is in use. The words say what could be read from it.
  case damaged(reason: String, movedTo: String, kept: String)
  /// One write was refused for good, and left out.
  case refused(StoreError)

  package var isError: Bool {
    if case .recovered = self { false } else { true }
  }

  package var description: String {
    switch self {
    case .failing(let error): "\(error); what happens is kept in memory for now and written when that works again"
    case .recovered(let dropped):
      dropped == 0
        ? "the store can be written again; nothing was lost"
        : "the store can be written again; \(dropped) transitions and events are missing in it"
    case .damaged(let reason, let path, let kept):
      "the store was damaged (\(reason)) and has been set aside as \(path); a new one is in use. \(kept)"
    case .refused(let error): "\(error); this record is left out"
    }
  }
}
