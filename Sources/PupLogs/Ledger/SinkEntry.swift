internal import CLinux

/// One sink's place in the `SinkLedger`: six words (name, kind, spare) and two slots of nine.
struct SinkEntry {
  static let size = 192
  private static let slotWords = 9
  private static let firstSlot = 6

  let mapping: SinkMapping
  let words: UnsafeMutablePointer<UInt64>

  /// Nil when the entry is free.
  var name: SinkName? {
    let first = pup_load_acquire(words)
    return first == 0 ? nil : SinkName(first: first, second: pup_load_acquire(words + 1))
  }

  var kind: SinkKind { SinkKind(rawValue: pup_load_acquire(words + 2)) ?? .store }

  /// The first word of the name comes last: an entry that was begun by somebody who died in between is still free.
  func begin(_ name: SinkName, _ kind: SinkKind) {
    for word in 0..<(Self.size / 8) { pup_store_release(words + word, 0) }
    pup_store_release(words + 1, name.second)
    pup_store_release(words + 2, kind.rawValue)
    pup_store_release(words, name.first)
  }

  func clear() { pup_store_release(words, 0) }

  /// The record in force: that of the higher generation among the slots that are whole.
  var newest: SinkRecord? {
    let (left, right) = (slot(0), slot(1))
    guard let left else { return right?.record }
    guard let right else { return left.record }
    return left.generation > right.generation ? left.record : right.record
  }

  /// Puts the record into the slot that is not in force. It is in force only after `publish`.
  func prepare(_ record: SinkRecord) -> Prepared {
    let (left, right) = (slot(0)?.generation ?? 0, slot(1)?.generation ?? 0)
    let target = slotAddress(left > right ? 1 : 0)
    let generation = max(left, right) + 1
    let values = Self.values(record)
    // The slot is no record from here on, until its checksum and generation are both those of the new one.
    pup_store_release(target, 0)
    pup_store_fence()
    for place in values.indices { pup_store_release(target + 1 + place, values[place]) }
    pup_store_release(target + 8, Self.checksum(generation, values))
    pup_store_fence()
    return Prepared(address: target, generation: generation)
  }

  func publish(_ prepared: Prepared) { pup_store_release(prepared.address, prepared.generation) }

  struct Prepared {
    fileprivate let address: UnsafeMutablePointer<UInt64>
    fileprivate let generation: UInt64
  }

  // MARK: - Slots: generation, seven values, checksum

  private func slotAddress(_ index: Int) -> UnsafeMutablePointer<UInt64> { words + Self.firstSlot + index * Self.slotWords }

  private func slot(_ index: Int) -> (generation: UInt64, record: SinkRecord)? {
    let address = slotAddress(index)
    let generation = pup_load_acquire(address)
    guard generation != 0 else { return nil }
    let values: [7 of UInt64] = [
      pup_load_acquire(address + 1), pup_load_acquire(address + 2), pup_load_acquire(address + 3), pup_load_acquire(address + 4),
      pup_load_acquire(address + 5), pup_load_acquire(address + 6), pup_load_acquire(address + 7),
    ]
    guard pup_load_acquire(address + 8) == Self.checksum(generation, values) else { return nil }
    let record = SinkRecord(
      identity: .init(first: values[0], second: values[1]), length: values[2], row: UInt32(truncatingIfNeeded: values[3]),
      key: values[4], offset: values[5], openMarks: UInt32(truncatingIfNeeded: values[3] >> 32), lost: values[6])
    return (generation, record)
  }

  private static func values(_ record: SinkRecord) -> [7 of UInt64] {
    [
      record.identity.first, record.identity.second, record.length, UInt64(record.openMarks) << 32 | UInt64(record.row),
      record.key,
      record.offset, record.lost,
    ]
  }

  /// Not cryptographic: it only has to tell a half-written slot from a whole one.
  private static func checksum(_ generation: UInt64, _ values: [7 of UInt64]) -> UInt64 {
    var sum = generation &* 0x9E37_79B9_7F4A_7C15 ^ 0x5851_F42D_4C95_7F2D
    for place in values.indices {
      sum = (sum ^ values[place]) &* 0x100_0000_01B3
      sum ^= sum >> 29
    }
    return sum
  }
}
