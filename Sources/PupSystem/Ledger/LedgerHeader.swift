internal import CLinux
internal import Glibc
package import PupBasics

/// The first 64 bytes of a mapped table: what it is, its version, and how long its entries are. Later builds may use longer
/// entries, but the first words keep their meaning.
package struct LedgerHeader: Hashable, Sendable {
  package static let size = 64

  package let version: FormatVersion
  package let entrySize: Int

  /// For a table that this build creates.
  package init(_ format: Format, entrySize: Int) {
    version = format.current
    self.entrySize = entrySize
  }

  /// Nil if the file is empty, or something else.
  package init?(in descriptor: Int32, magic: UInt64) {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
    var reader = ByteReader(bytes[...])
    guard (try? reader.get(UInt64.self)) == magic, let version = try? FormatVersion(from: &reader),
      let entrySize = try? reader.get(UInt32.self), entrySize > 0
    else { return nil }
    self.version = version
    self.entrySize = Int(entrySize)
  }

  /// - Throws: EPROTO, if this build must not guess at the entries.
  package func checked(_ format: Format, shortestEntry: Int) throws(SystemError) -> LedgerHeader {
    do throws(FormatError) {
      try format.check(version)
    } catch {
      throw SystemError("\(error)", errno: EPROTO)
    }
    guard entrySize >= shortestEntry, entrySize % 8 == 0, entrySize <= 1 << 16 else {
      throw SystemError("\(format.name): entries of \(entrySize) bytes", errno: EPROTO)
    }
    return self
  }

  /// The magic last: a table without it is re-created.
  package func write(to base: UnsafeMutableRawPointer, magic: UInt64) {
    let words = base.assumingMemoryBound(to: UInt64.self)
    let numbers = UInt64(version.written) | UInt64(version.needed) << 16 | UInt64(entrySize) << 32
    pup_store_release(words + 1, numbers)
    pup_store_release(words, magic)
  }
}
