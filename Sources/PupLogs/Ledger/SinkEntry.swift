internal import CLinux

/// One sink's place in the `SinkLedger`: six words (name, kind, spare), two slots of nine for its records, and two for what is
/// about to be written on top of the current record, or of the next one.
struct SinkEntry {
  static let size = (firstSlot + 4 * slotWords) * 8
  private static let slotWords = 9
  private static let firstSlot = 6
  private static let firstIntentSlot = 2

  let mapping: SinkMapping
  let words: UnsafeMutablePointer<UInt64>

  /// Nil when the entry is free.
  var name: SinkName? {
    let first = pup_load_acquire(words)
    return first == 0 ? nil : SinkName(first: first, second: pup_load_acquire(words + 1))
  }

  /// Nil for a kind that a later build introduced: the entry is left as it is.
  var kind: SinkKind? { SinkKind(rawValue: pup_load_acquire(words + 2)) }

  /// The first word of the name is written last, so that an entry whose writer died halfway is still free.
  /// - Parameter bytes: of the whole entry. Whatever a later build keeps in the rest of it belonged to the previous owner.
  func begin(_ name: SinkName, _ kind: SinkKind, bytes: Int) {
    for word in 0..<(bytes / 8) { pup_store_release(words + word, 0) }
    pup_store_release(words + 1, name.second)
    pup_store_release(words + 2, kind.rawValue)
    pup_store_release(words, name.first)
  }

  func clear() { pup_store_release(words, 0) }

  /// The current record: the one with the higher generation among the intact slots.
  var newest: SinkRecord? { inForce.map { SinkRecord(values: $0.values) } }

  private var inForce: Slot? {
    let (left, right) = (slot(0), slot(1))
    guard let left else { return right }
    guard let right else { return left }
    return left.generation > right.generation ? left : right
  }

  /// Writes the record to the slot that is not current. It becomes current with `publish`.
  func prepare(_ record: SinkRecord) -> Prepared {
    let (left, right) = (slot(0)?.generation ?? 0, slot(1)?.generation ?? 0)
    return fill(left > right ? 1 : 0, generation: max(left, right) + 1, record.values)
  }

  private func fill(_ index: Int, generation: UInt64, _ values: SlotValues) -> Prepared {
    let target = slotAddress(index)
    // From here on the slot is invalid until its checksum and generation both match the new values.
    pup_store_release(target, 0)
    pup_store_fence()
    for place in values.indices { pup_store_release(target + 1 + place, values[place]) }
    pup_store_release(target + 8, Self.checksum(generation, values))
    pup_store_fence()
    return Prepared(address: target, generation: generation)
  }

  func publish(_ prepared: Prepared) { pup_store_release(prepared.address, prepared.generation) }

  /// Notes what is about to be written on top of the current record; the next record invalidates it.
  ///
  /// - Parameter isAhead: it refers to the next record, and means nothing until that one is current.
  func note(_ intent: SinkIntent, isAhead: Bool = false) {
    guard let generation = inForce.map({ $0.generation + (isAhead ? 1 : 0) }) else { return }
    publish(fill(Self.intentSlot(generation), generation: generation, intent.values))
  }

  private static func intentSlot(_ generation: UInt64) -> Int { firstIntentSlot + Int(generation & 1) }

  /// What was about to be written on top of the current record.
  var intent: SinkIntent? {
    guard let generation = inForce?.generation, let noted = slot(Self.intentSlot(generation)), noted.generation == generation
    else { return nil }
    return SinkIntent(values: noted.values)
  }

  struct Prepared {
    fileprivate let address: UnsafeMutablePointer<UInt64>
    fileprivate let generation: UInt64
  }

  // MARK: - Slots: generation, seven values, checksum

  private func slotAddress(_ index: Int) -> UnsafeMutablePointer<UInt64> { words + Self.firstSlot + index * Self.slotWords }

  private struct Slot {
    let generation: UInt64
    let values: SlotValues
  }

  private func slot(_ index: Int) -> Slot? {
    let address = slotAddress(index)
    let generation = pup_load_acquire(address)
    guard generation != 0 else { return nil }
    let values: SlotValues = [
      pup_load_acquire(address + 1), pup_load_acquire(address + 2), pup_load_acquire(address + 3), pup_load_acquire(address + 4),
      pup_load_acquire(address + 5), pup_load_acquire(address + 6), pup_load_acquire(address + 7),
    ]
    guard pup_load_acquire(address + 8) == Self.checksum(generation, values) else { return nil }
    return Slot(generation: generation, values: values)
  }

  /// Not cryptographic: it only has to distinguish a half-written slot from an intact one.
  private static func checksum(_ generation: UInt64, _ values: SlotValues) -> UInt64 {
    var sum = generation &* 0x9E37_79B9_7F4A_7C15 ^ 0x5851_F42D_4C95_7F2D
    for place in values.indices {
      sum = (sum ^ values[place]) &* 0x100_0000_01B3
      sum ^= sum >> 29
    }
    return sum
  }
}

/// What one slot holds besides its generation and checksum.
typealias SlotValues = [7 of UInt64]
