internal import CLinux
internal import Glibc

/// The table that keeper and brain share: one row for each output stream, in a mapping that outlives either of them.
///
/// A row is four 64-bit words, each written by one side only and always whole:
/// `key` (brain, when it allocates the row), `consumed` (keeper: bytes taken out of the pipe), `committedStore` and `committedFile`
/// (brain: bytes that are safe in the log store and in the `logger.stdout/stderr` file).
package final class StreamLedger: @unchecked Sendable {
  package static let rowSize = 32

  package let rows: Int
  private let base: UnsafeMutableRawPointer

  /// Maps `descriptor`, a file of at least `rows * rowSize` bytes (allocated, so that a store can never fault on a full disk).
  package init(descriptor: Int32, rows: Int) throws(SystemError) {
    let length = rows * Self.rowSize
    let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw SystemError("mmap(stream ledger)", errno: errno) }
    base = address
    self.rows = rows
  }

  deinit { munmap(base, rows * Self.rowSize) }

  package struct Row: Hashable, Sendable {
    package var key: UInt64
    package var consumed: UInt64
    package var committedStore: UInt64
    package var committedFile: UInt64
  }

  /// Nil when there is no such row.
  package func row(_ index: Int) -> Row? {
    guard let words = words(index) else { return nil }
    return Row(
      key: pup_load_acquire(words), consumed: pup_load_acquire(words + 1), committedStore: pup_load_acquire(words + 2),
      committedFile: pup_load_acquire(words + 3))
  }

  package func setConsumed(_ value: UInt64, row: Int) { store(value, row: row, word: 1) }
  package func setCommittedStore(_ value: UInt64, row: Int) { store(value, row: row, word: 2) }
  package func setCommittedFile(_ value: UInt64, row: Int) { store(value, row: row, word: 3) }

  /// Makes the row `key`'s, with all offsets 0. The key comes last: a row whose owner died in between is still free.
  package func allocate(row: Int, key: UInt64) {
    for word in 1...3 { store(0, row: row, word: word) }
    store(key, row: row, word: 0)
  }

  package func free(row: Int) { store(0, row: row, word: 0) }

  private func words(_ index: Int) -> UnsafeMutablePointer<UInt64>? {
    guard index >= 0, index < rows else { return nil }
    return (base + index * Self.rowSize).assumingMemoryBound(to: UInt64.self)
  }

  private func store(_ value: UInt64, row: Int, word: Int) {
    guard let words = words(row) else { return }
    pup_store_release(words + word, value)
  }
}
