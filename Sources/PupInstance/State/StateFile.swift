internal import CLinux
internal import Glibc
package import PupSystem

/// The brain's memory: what it must know of each process to carry on after its own death. A header, then one place of 6 KiB per process.
///
/// Each place (and the header) is two halves with a counter and a checksum; a write goes to the half that is not in force, so a brain that
/// is killed in the middle leaves the old one. Read and written with pread and pwrite: nothing of it has to be mapped.
package final class StateFile {
  private static let magic: UInt32 = 0x3154_5350  // "PST1"
  private static let half = 3072
  private static let place = 6144

  package let descriptor: Int32
  /// How many processes it holds.
  package let capacity: Int
  private var inForce: [Int: (half: Int, counter: UInt64)] = [:]

  /// - Parameter descriptor: stays open elsewhere; not closed here.
  package init(descriptor: Int32) throws(SystemError) {
    var identity = pup_file_identity()
    try check(pup_identity(descriptor, &identity), "fstat(state)")
    self.descriptor = descriptor
    capacity = max(0, Int(identity.size) / Self.place - 1)
  }

  /// Bytes for so many processes.
  package static func size(processes: Int) -> Int64 { Int64((processes + 1) * place) }

  package func readHeader() -> StateHeader {
    guard let bytes = read(at: 0) else { return StateHeader() }
    return (try? StateHeader(decoding: bytes[...])) ?? StateHeader()
  }

  package func write(_ header: StateHeader) throws(SystemError) { try write(header.encoded(), at: 0) }

  /// Nil where the place is empty or damaged.
  package func read(slot: Int) -> StateSlot? {
    guard slot >= 0, slot < capacity, let bytes = read(at: slot + 1), !bytes.isEmpty else { return nil }
    return try? StateSlot(decoding: bytes[...])
  }

  package func write(_ content: StateSlot, slot: Int) throws(SystemError) { try write(content.encoded(), at: slot + 1) }

  package func clear(slot: Int) throws(SystemError) { try write([], at: slot + 1) }

  // MARK: Halves

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

  private func readHalf(_ index: Int, _ half: Int) -> (UInt64, [UInt8])? {
    var raw = [UInt8](repeating: 0, count: Self.half)
    let count = pread(descriptor, &raw, Self.half, off_t(index * Self.place + half * Self.half))
    guard count == Self.half else { return nil }
    var reader = PacketReader(raw[...])
    guard let magic = try? reader.get(UInt32.self), magic == Self.magic, let counter = try? reader.get(UInt64.self),
      let sum = try? reader.get(UInt64.self), let bytes = try? reader.getBytes(), sum == Self.checksum(counter, bytes)
    else { return nil }
    return (counter, bytes)
  }

  private func write(_ bytes: [UInt8], at index: Int) throws(SystemError) {
    guard index <= capacity else { throw SystemError("write(state)", errno: ENOSPC) }
    if inForce[index] == nil { _ = read(at: index) }
    let old = inForce[index] ?? (1, 0)
    let (half, counter) = (1 - old.half, old.counter + 1)
    var writer = PacketWriter()
    writer.put(Self.magic)
    writer.put(counter)
    writer.put(Self.checksum(counter, bytes))
    writer.put(bytes)
    guard writer.bytes.count <= Self.half else { throw SystemError("write(state)", errno: EFBIG) }
    let count = pwrite(descriptor, writer.bytes, writer.bytes.count, off_t(index * Self.place + half * Self.half))
    guard count == writer.bytes.count else { throw SystemError("write(state)", errno: count < 0 ? errno : ENOSPC) }
    inForce[index] = (half, counter)
  }

  /// FNV-1a.
  private static func checksum(_ counter: UInt64, _ bytes: [UInt8]) -> UInt64 {
    var sum = 0xCBF2_9CE4_8422_2325 ^ counter
    for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return sum
  }
}
