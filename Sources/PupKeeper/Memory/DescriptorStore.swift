internal import PupBasics
internal import PupSystem

/// Descriptors that brains hand over by name, so that the next one finds them: sockets that go on listening while no brain lives.
/// Owns what it holds.
final class DescriptorStore {
  enum Refusal: Error {
    case badName
    case full
  }

  struct Item {
    let name: String
    var descriptor: Descriptor
  }

  /// In the order in which they came.
  private(set) var items: [Item] = []

  init() {}

  var names: [String] { items.map(\.name) }
  /// In the order of `names`.
  var descriptors: [Int32] { items.map(\.descriptor.number) }

  /// - Throws: when it is refused; the descriptor stays the caller's then.
  func keep(_ descriptor: Descriptor, name: String) throws(Refusal) {
    guard !name.isEmpty, name.utf8.count <= BrainMessage.keptNameLimit else { throw .badName }
    if let index = items.firstIndex(where: { $0.name == name }) {
      items[index].descriptor.close()
      items[index].descriptor = descriptor
      return
    }
    guard items.count < BrainMessage.keptLimit else { throw .full }
    items.append(Item(name: name, descriptor: descriptor))
  }

  /// Takes the descriptors of a message over, and says why where it does not.
  func keep(_ descriptors: [Descriptor], name: String) {
    // None at all means that the message met a full table.
    guard let descriptor = descriptors.first, descriptors.count == 1 else {
      return complain(
        "the supervisor wants '\(name)' kept and sent \(descriptors.count) descriptors instead of 1; nothing was kept")
    }
    do throws(Refusal) {
      try keep(descriptor, name: name)
    } catch {
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

  func drop(name: String) {
    guard let index = items.firstIndex(where: { $0.name == name }) else { return }
    items.remove(at: index).descriptor.close()
  }

  func dropAll() {
    for item in items { item.descriptor.close() }
    items = []
  }

  // MARK: Through an exec

  func write(to writer: inout ByteWriter) {
    writer.put(UInt32(items.count))
    for item in items {
      writer.record {
        $0.put(item.name)
        $0.put(item.descriptor.number)
      }
    }
  }

  /// What the keeper before an exec has kept.
  func resume(_ other: DescriptorStore) {
    items = other.items
    CloseOnExec.set(descriptors)
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    for _ in 0..<(try reader.getCount()) {
      items.append(
        try reader.record { (reader) throws(FormatError) in
          Item(name: try reader.getString(), descriptor: Descriptor(try reader.get()))
        })
    }
  }
}
