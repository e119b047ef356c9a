internal import CLinux
internal import Glibc
package import PupBasics

/// The table that keeper and brain share: a header, then one row per output stream, in a mapping that outlives either of them.
///
/// A row is four 64-bit words, each written by one side only and always whole: `key` (brain, when it allocates the row),
/// `consumed` (keeper: bytes taken out of the pipe), `committedStore` and `committedFile` (brain: bytes that are safe in the log
/// store and in the `logger.stdout/stderr` file). Rows of a later build may be longer: the header says how long.
package final class StreamLedger: @unchecked Sendable {
  package static let format = Format("stream ledger", version: 1, needed: 1, oldest: 1)
  private static let magic: UInt64 = 0x4D52_5453_5055_5000  // "\0PUPSTRM", little endian
  /// The size of the rows that this build creates, and as much of a row as it knows.
  private static let rowSize = 32 + LaterBuild.field.count
  private static let knownRowSize = 32

  package let rows: Int
  /// The row size of the build that created it.
  package var version: FormatVersion { layout.version }
  private let base: UnsafeMutableRawPointer
  private let length: Int
  private let layout: LedgerHeader

  /// Bytes of a file with this many rows.
  package static func size(rows: Int) -> Int64 { Int64(LedgerHeader.size + rows * rowSize) }

  /// - Throws: if the file is a ledger whose rows this build must not guess at.
  package static func checkVersion(of descriptor: Int32) throws(SystemError) {
    _ = try LedgerHeader(in: descriptor, magic: magic)?.checked(format, shortestEntry: knownRowSize)
  }

  /// How many rows a file of this many bytes has, by the layout that its header names.
  package static func rows(in descriptor: Int32, size: Int64) -> Int {
    let layout = LedgerHeader(in: descriptor, magic: magic) ?? LedgerHeader(format, entrySize: rowSize)
    return max(0, Int(size) - LedgerHeader.size) / layout.entrySize
  }

  /// Maps `descriptor`, a file of at least `size(rows:)` bytes (allocated, so that a store can never fault on a full disk). One
  /// that does not state its layout gets that of this build.
  package init(descriptor: Int32, rows: Int) throws(SystemError) {
    let found = LedgerHeader(in: descriptor, magic: Self.magic)
    layout =
      try found?.checked(Self.format, shortestEntry: Self.knownRowSize) ?? LedgerHeader(Self.format, entrySize: Self.rowSize)
    length = LedgerHeader.size + rows * layout.entrySize
    // A truncated file gets its length back; if there is no room, the guard below substitutes other pages for the missing ones,
    // and those are counted and reported.
    var identity = pup_file_identity()
    if pup_identity(descriptor, &identity) >= 0, identity.size < Int64(length) { _ = pup_allocate(descriptor, Int64(length)) }
    let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw SystemError("mmap(stream ledger)", errno: errno) }
    base = address
    self.rows = rows
    // Without a free slot for it the mapping works as well, until the file is truncated.
    _ = pup_guard_mapping(address, length)
    if found == nil { layout.write(to: address, magic: Self.magic) }
  }

  deinit {
    pup_unguard_mapping(base)
    munmap(base, length)
  }

  package struct Row: Hashable, Sendable {
    package var key: UInt64
    package var consumed: UInt64
    package var committedStore: UInt64
    package var committedFile: UInt64
  }

  /// Nil if there is no such row.
  package func row(_ index: Int) -> Row? {
    guard let words = words(index) else { return nil }
    return Row(
      key: pup_load_acquire(words), consumed: pup_load_acquire(words + 1), committedStore: pup_load_acquire(words + 2),
      committedFile: pup_load_acquire(words + 3))
  }

  package func setConsumed(_ value: UInt64, row: Int) { store(value, row: row, word: 1) }
  package func setCommittedStore(_ value: UInt64, row: Int) { store(value, row: row, word: 2) }
  package func setCommittedFile(_ value: UInt64, row: Int) { store(value, row: row, word: 3) }

  /// Assigns the row to `key`, with all offsets 0. The key is written last, so that a row whose owner died in between is still
  /// free. Whatever later builds keep in the rest of the row belonged to the previous owner.
  package func allocate(row: Int, key: UInt64) {
    for word in 1..<layout.entrySize / 8 { store(0, row: row, word: word) }
    store(key, row: row, word: 0)
  }

  package func free(row: Int) { store(0, row: row, word: 0) }

  private func words(_ index: Int) -> UnsafeMutablePointer<UInt64>? {
    guard index >= 0, index < rows else { return nil }
    return (base + LedgerHeader.size + index * layout.entrySize).assumingMemoryBound(to: UInt64.self)
  }

  private func store(_ value: UInt64, row: Int, word: Int) {
    guard let words = words(row) else { return }
    pup_store_release(words + word, value)
  }
}
