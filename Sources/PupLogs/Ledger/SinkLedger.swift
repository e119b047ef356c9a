internal import CLinux
internal import Glibc
package import PupSystem

/// The commit records of all log sinks, in a file that outlives the brain (held open by the keeper) and, on tmpfs, the keeper as well.
///
/// A header of 64 bytes, then entries of 192 bytes: the sink's name as a hash, its kind, and two slots. A commit fills the slot that is
/// not in force and puts it in force by its generation, so that a brain that is killed at any instruction leaves one whole record.
/// Belongs to one thread.
package final class SinkLedger {
  /// Room for 4 096 sinks: one for each process, one for each `logger.stdout/stderr` file.
  package static let defaultBytes = headerBytes + 4096 * SinkEntry.size

  static let headerBytes = 64
  private static let magic: UInt64 = 0x314B_4E49_5350_5550  // "PUPSINK1", little endian

  private let mapping: SinkMapping
  private let capacity: Int
  private var places: [SinkName: Int] = [:]
  private var free: [Int] = []

  /// Maps the file, which is given the default size when it is empty. The descriptor may be closed afterwards.
  /// A file of another layout is cleared: the sinks begin without records.
  package init(descriptor: Int32) throws(SystemError) {
    var identity = pup_file_identity()
    try check(pup_identity(descriptor, &identity), "fstat(sink ledger)")
    if identity.size < Int64(Self.headerBytes + SinkEntry.size) {
      try check(pup_allocate(descriptor, Int64(Self.defaultBytes)), "fallocate(sink ledger)")
      identity.size = Int64(Self.defaultBytes)
    }
    let length = Int(identity.size)
    capacity = (length - Self.headerBytes) / SinkEntry.size
    mapping = try SinkMapping(descriptor: descriptor, length: length)
    let head = mapping.base.assumingMemoryBound(to: UInt64.self)
    if pup_load_acquire(head) != Self.magic {
      memset(mapping.base, 0, length)
      pup_store_release(head, Self.magic)
    }
    for place in (0..<capacity).reversed() {
      if let name = entry(at: place).name { places[name] = place } else { free.append(place) }
    }
  }

  /// Raises the streams' committed offsets to what the records say: the redo step of a take-over. Doing it again changes nothing.
  package func recover(into streams: StreamLedger) {
    for place in places.values {
      let entry = entry(at: place)
      guard let record = entry.newest, record.key != 0, let row = streams.row(Int(record.row)), row.key == record.key else {
        continue
      }
      switch entry.kind {
      case .store where row.committedStore < record.offset: streams.setCommittedStore(record.offset, row: Int(record.row))
      case .file where row.committedFile < record.offset: streams.setCommittedFile(record.offset, row: Int(record.row))
      default: break
      }
    }
  }

  /// The sink's entry, a fresh one if it has none. Nil when the ledger is full.
  func claim(_ kind: SinkKind, _ text: String) -> SinkEntry? {
    let name = SinkName(kind, text)
    if let place = places[name] { return entry(at: place) }
    guard let place = free.popLast() else { return nil }
    places[name] = place
    let fresh = entry(at: place)
    fresh.begin(name, kind)
    return fresh
  }

  /// Forgets a sink that no stream feeds any more.
  func release(_ kind: SinkKind, _ text: String) {
    let name = SinkName(kind, text)
    guard let place = places.removeValue(forKey: name) else { return }
    entry(at: place).clear()
    free.append(place)
  }

  private func entry(at place: Int) -> SinkEntry {
    let address = mapping.base + Self.headerBytes + place * SinkEntry.size
    return SinkEntry(mapping: mapping, words: address.assumingMemoryBound(to: UInt64.self))
  }
}

/// The mapped file, for as long as anybody has an entry in it.
final class SinkMapping {
  let base: UnsafeMutableRawPointer
  private let length: Int

  init(descriptor: Int32, length: Int) throws(SystemError) {
    guard let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
      throw SystemError("mmap(sink ledger)", errno: errno)
    }
    base = address
    self.length = length
  }

  deinit { munmap(base, length) }
}

/// What a sink writes to, which decides whose column of the stream ledger it moves.
enum SinkKind: UInt64 {
  case store = 1
  case file = 2
}

/// 128 bits of FNV-1a over the sink's kind and name.
struct SinkName: Hashable {
  let first: UInt64
  let second: UInt64

  init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  init(_ kind: SinkKind, _ text: String) {
    var (one, other) = (0xCBF2_9CE4_8422_2325 as UInt64, 0x9E37_79B9_7F4A_7C15 ^ kind.rawValue)
    for byte in text.utf8 {
      one = (one ^ UInt64(byte)) &* 0x100_0000_01B3
      other = (other ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    // 0 marks a free entry.
    first = max((one ^ kind.rawValue) &* 0x100_0000_01B3, 1)
    second = other
  }
}
