internal import CLinux
internal import Glibc
package import PupBasics
package import PupSystem

/// The brain's memory: what it must know of each process to carry on after its own death. A header, then one slot per process.
///
/// Each slot (and the header) consists of two halves with a counter and a checksum; a write goes to the half that is not current,
/// so a brain that is killed in the middle leaves the old one. Read and written with pread and pwrite, so that nothing has to be
/// mapped.
package final class StateFile {
  private static let magic: UInt32 = 0x3154_5350  // "PST1"
  /// Of the header and of each slot.
  static let format = Format("state file", version: 1, needed: 1, oldest: 1)
  /// Of a new file; the longest slot takes 2 800 bytes of it, and the rest is for the fields of later builds.
  private static let defaultHalf = 3584

  package let descriptor: Int32
  /// How many processes it holds.
  package let capacity: Int
  private var inForce: [Int: (half: Int, counter: UInt64)] = [:]
  /// Bytes per half. Chosen by the build that created the file, and stored in each half.
  private let half: Int

  /// - Parameter descriptor: stays open elsewhere; not closed here.
  package init(descriptor: Int32) throws(SystemError) {
    var identity = pup_file_identity()
    try check(pup_identity(descriptor, &identity), "fstat(state)")
    self.descriptor = descriptor
    half = Self.half(of: descriptor)
    capacity = max(0, Int(identity.size) / (2 * half) - 1)
  }

  /// Bytes for this many processes.
  package static func size(processes: Int) -> Int64 { Int64((processes + 1) * 2 * defaultHalf) }

  /// - Throws: only if another version has written what this one must not guess at. A missing or damaged header is an empty one.
  package func readHeader() throws(FormatError) -> StateHeader {
    guard let bytes = read(at: 0) else { return StateHeader() }
    return try refusing { () throws(FormatError) in try StateHeader(decoding: bytes[...]) } ?? StateHeader()
  }

  package func write(_ header: StateHeader) throws(SystemError) { try write(header.encoded(), at: 0) }

  /// Nil if the slot is empty or damaged.
  /// - Throws: if another version has written what this one must not guess at: the slot is in use.
  package func read(slot: Int) throws(FormatError) -> StateSlot? {
    guard slot >= 0, slot < capacity, let bytes = read(at: slot + 1), !bytes.isEmpty else { return nil }
    return try refusing { () throws(FormatError) in try StateSlot(decoding: bytes[...]) }
  }

  /// Nil for damaged bytes.
  private func refusing<Content>(_ decode: () throws(FormatError) -> Content?) throws(FormatError) -> Content? {
    do throws(FormatError) {
      return try decode()
    } catch  where error.isRefusal {
      throw error
    } catch {
      return nil
    }
  }

  package func write(_ content: StateSlot, slot: Int) throws(SystemError) { try write(content.encoded(), at: slot + 1) }

  package func clear(slot: Int) throws(SystemError) { try write([], at: slot + 1) }

  // MARK: - Halves

  private func read(at index: Int) -> [UInt8]? {
    var newest: (half: Int, counter: UInt64, bytes: [UInt8])?
    for half in 0...1 {
      guard let (counter, bytes) = readHalf(index, half) else { continue }
      if newest.map({ counter > $0.counter }) ?? true { newest = (half, counter, bytes) }
    }
    guard let newest else { return nil }
    inForce[index] = (newest.half, newest.counter)
    return newest.bytes
  }

  /// For a file in which nothing is written yet, the size that this build chooses.
  private static func half(of descriptor: Int32) -> Int {
    var raw = [UInt8](repeating: 0, count: 8)
    guard pread(descriptor, &raw, raw.count, 0) == raw.count else { return defaultHalf }
    var reader = ByteReader(raw[...])
    guard (try? reader.get(UInt32.self)) == magic, let half = try? reader.get(UInt32.self), (1024...65_536).contains(half) else {
      return defaultHalf
    }
    return Int(half)
  }

  private func readHalf(_ index: Int, _ which: Int) -> (UInt64, [UInt8])? {
    var raw = [UInt8](repeating: 0, count: half)
    let count = pread(descriptor, &raw, half, off_t((index * 2 + which) * half))
    guard count == half else { return nil }
    var reader = ByteReader(raw[...])
    guard (try? reader.get(UInt32.self)) == Self.magic, (try? reader.get(UInt32.self)) == UInt32(half),
      let counter = try? reader.get(UInt64.self),
      let sum = try? reader.get(UInt64.self), let bytes = try? reader.getBytes(), sum == Self.checksum(counter, bytes)
    else { return nil }
    return (counter, bytes)
  }

  func write(_ bytes: [UInt8], at index: Int) throws(SystemError) {
    guard index <= capacity else { throw SystemError("write(state)", errno: ENOSPC) }
    if inForce[index] == nil { _ = read(at: index) }
    let old = inForce[index] ?? (1, 0)
    let (which, counter) = (1 - old.half, old.counter + 1)
    var writer = ByteWriter()
    writer.put(Self.magic)
    writer.put(UInt32(half))
    writer.put(counter)
    writer.put(Self.checksum(counter, bytes))
    writer.put(bytes)
    guard writer.bytes.count <= half else { throw SystemError("write(state)", errno: EFBIG) }
    let count = pwrite(descriptor, writer.bytes, writer.bytes.count, off_t((index * 2 + which) * half))
    guard count == writer.bytes.count else { throw SystemError("write(state)", errno: count < 0 ? errno : ENOSPC) }
    inForce[index] = (which, counter)
  }

  private static func checksum(_ counter: UInt64, _ bytes: [UInt8]) -> UInt64 {
    var hash = StableHash(from: StableHash.basis ^ counter)
    hash.add(bytes)
    return hash.value
  }
}
