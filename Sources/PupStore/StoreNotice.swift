/// What the store's owner should tell people.
package enum StoreNotice: Hashable, Sendable, CustomStringConvertible {
  /// Writing fails; what waits is kept in memory and tried again.
  case failing(StoreError)
  /// Writing works again; so many transitions and events had to be dropped meanwhile.
  case recovered(dropped: UInt64)
  /// The file was damaged and has been moved away; a new one is in use. The words say what could be read from it.
  case damaged(reason: String, movedTo: String, kept: String)
  /// The file was removed, moved or replaced while it was open, and has been made anew. The words say what it holds.
  case remade(path: String, kept: String, isComplete: Bool)
  /// A file that another program keeps under the name that ours had.
  case leftAlone(String)
  /// One write was refused for good, and left out.
  case refused(StoreError)

  package var isError: Bool {
    switch self {
    case .recovered, .leftAlone: false
    case .failing, .damaged, .remade, .refused: true
    }
  }

  package var description: String {
    switch self {
    case .failing(let error): "\(error); what happens is kept in memory for now and written when that works again"
    case .recovered(let dropped):
      dropped == 0
        ? "the store can be written again; nothing was lost"
        : "the store can be written again; \(dropped == 1 ? "1 transition or event is" : "\(dropped) transitions and events are") missing in it"
    case .damaged(let reason, let path, let kept):
      "the store was damaged (\(reason)) and has been set aside as \(path); a new one is in use. \(kept)"
    case .remade(let path, let kept, _):
      "the store \(path) was removed or replaced while Pup runs, and has been made anew. \(kept)"
    case .leftAlone(let path):
      "\(path) is not of this Pup (the original keeps its logs there); it is left as it is, and history and tokens are kept in a file of their own"
    case .refused(let error): "\(error); this record is left out"
    }
  }
}
