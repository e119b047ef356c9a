internal import Glibc
internal import PupSystem

extension Keeper {
  /// Takes the message's descriptors over, or closes them.
  func keep(_ name: String, _ descriptors: [Int32]) {
    // None at all means that the message met a full table.
    guard let descriptor = descriptors.first, descriptors.count == 1 else {
      for descriptor in descriptors { close(descriptor) }
      return complain(
        "the supervisor wants '\(name)' kept and sent \(descriptors.count) descriptors instead of 1; nothing was kept")
    }
    do {
      try store.keep(descriptor, name: name)
    } catch {
      close(descriptor)
      switch error {
      case .badName:
        complain(
          "the supervisor wants a descriptor kept under a name of \(name.utf8.count) bytes; 1 to \(BrainMessage.keptNameLimit) are possible"
        )
      case .full:
        complain("the supervisor wants '\(name)' kept, but \(BrainMessage.keptLimit) descriptors are kept already; refused")
      }
    }
  }
}
