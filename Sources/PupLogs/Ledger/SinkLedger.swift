internal import CLinux
internal import Glibc
internal import PupBasics
package import PupSystem

/// The commit records of all log sinks, in a file that outlives the brain (held open by the keeper) and, on tmpfs, the keeper as
/// well.
///
/// A header of 64 bytes, then entries of 336 bytes: the sink's name as a hash, its kind, two slots for records, and two for what
/// is about to be written. A commit fills the slot that is not current and makes it current by its generation, so that a brain
/// killed at any instruction leaves one intact record. Belongs to one thread.
package final class SinkLedger {
  /// Room for 4 096 sinks: one per process, one per `logger.stdout/stderr` file.
  package static let defaultBytes = LedgerHeader.size + 4096 * entrySize

  private static let format = Format("ledger of the log sinks", version: 1, needed: 1, oldest: 1)
  private static let magic: UInt64 = 0x534B_4E49_5350_5550  // "PUPSINKS", little endian
  /// Of the entries that this build makes.
  private static let entrySize = SinkEntry.size + LaterBuild.field.count

  private let mapping: SinkMapping
  private let capacity: Int
  private let layout: LedgerHeader
  private var places: [SinkName: Int] = [:]
  private var free: [Int] = []

  /// Maps the file, which is given the default size when it is empty. The descriptor may be closed afterwards. A file that is
  /// something else is cleared, and the sinks start without records. A version that this build must not guess at is refused.
  package init(descriptor: Int32) throws(SystemError) {
    var identity = pup_file_identity()
    try check(pup_identity(descriptor, &identity), "fstat(sink ledger)")
    if identity.size < Int64(LedgerHeader.size + Self.entrySize) {
      identity.size = try Self.allocate(descriptor)
    }
    let length = Int(identity.size)
    let found = LedgerHeader(in: descriptor, magic: Self.magic)
    layout =
      try found?.checked(Self.format, shortestEntry: SinkEntry.size) ?? LedgerHeader(Self.format, entrySize: Self.entrySize)
    capacity = (length - LedgerHeader.size) / layout.entrySize
    mapping = try SinkMapping(descriptor: descriptor, length: length)
    if found == nil {
      memset(mapping.base, 0, length)
      layout.write(to: mapping.base, magic: Self.magic)
    }
    for place in (0..<capacity).reversed() {
      if let name = entry(at: place).name { places[name] = place } else { free.append(place) }
    }
  }

  /// - Throws: if the file is a ledger whose entries this build must not guess at.
  package static func checkVersion(of descriptor: Int32) throws(SystemError) {
    _ = try LedgerHeader(in: descriptor, magic: magic)?.checked(format, shortestEntry: SinkEntry.size)
  }

  /// If a limit on file sizes is in the way, fewer sinks have records.
  private static func allocate(_ descriptor: Int32) throws(SystemError) -> Int64 {
    var length = Int64(defaultBytes)
    while true {
      let code = pup_allocate(descriptor, length)
      guard code == -EFBIG, length > 64 << 10 else {
        try check(code, "fallocate(sink ledger)")
        return length
      }
      length /= 2
    }
  }

  /// Raises the streams' committed offsets to what the records say: the redo step of a take-over. Idempotent.
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

  /// The sink's entry, or a new one if it has none. Nil if the ledger is full.
  func claim(_ kind: SinkKind, _ text: String) -> SinkEntry? {
    let name = SinkName(kind, text)
    if let place = places[name] { return entry(at: place) }
    guard let place = free.popLast() else { return nil }
    places[name] = place
    let fresh = entry(at: place)
    fresh.begin(name, kind, bytes: layout.entrySize)
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
    let address = mapping.base + LedgerHeader.size + place * layout.entrySize
    return SinkEntry(mapping: mapping, words: address.assumingMemoryBound(to: UInt64.self))
  }
}

/// The mapped file, kept as long as any entry of it is in use.
final class SinkMapping {
  let base: UnsafeMutableRawPointer
  private let length: Int

  init(descriptor: Int32, length: Int) throws(SystemError) {
    guard let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
      throw SystemError("mmap(sink ledger)", errno: errno)
    }
    base = address
    self.length = length
    // As for the stream ledger.
    _ = pup_guard_mapping(address, length)
  }

  deinit {
    pup_unguard_mapping(base)
    munmap(base, length)
  }
}

/// What a sink writes to, which decides which column of the stream ledger it advances.
enum SinkKind: UInt64 {
  case store = 1
  case file = 2
}

/// 128 bits of hash over the sink's kind and name.
struct SinkName: Hashable {
  let first: UInt64
  let second: UInt64

  init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  init(_ kind: SinkKind, _ text: String) {
    var (one, other) = (StableHash(), StableHash(from: 0x9E37_79B9_7F4A_7C15 ^ kind.rawValue))
    one.add(text.utf8)
    one.add(word: kind.rawValue)
    other.add(text.utf8)
    // 0 marks a free entry.
    first = max(one.value, 1)
    second = other.value
  }
}
