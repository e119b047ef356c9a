/// How a leader ended, and what it used.
package struct ExitRecord: Hashable, Sendable {
  package enum Kind: UInt8, Hashable, Sendable {
    case exited = 1
    case signaled = 2
    case dumpedCore = 3
    case unknown = 4
  }

  package var kind: Kind
  /// Exit code or signal number.
  package var value: Int32
  /// What the leader used, with the children that it has waited for; all 0 for a program that this keeper's predecessor started, which is
  /// nobody's child any more (with a pup-init it is known).
  package var userMicroseconds: Int64 = 0
  package var systemMicroseconds: Int64 = 0
  package var maxResidentKilobytes: Int64 = 0
  /// Microseconds since 1970.
  package var wallTime: Int64 = 0
  /// It was killed, not by this keeper, and the kernel has counted a kill for want of memory in the run's own cgroup. False as well where there
  /// is no such count: without a cgroup, or without the memory controller.
  package var ranOutOfMemory = false

  /// No program runs without memory.
  package var isUsageKnown: Bool { maxResidentKilobytes > 0 }

  package init(kind: Kind, value: Int32) {
    self.kind = kind
    self.value = value
  }

  func write(to writer: inout PacketWriter) {
    writer.put(kind.rawValue)
    writer.put(value)
    writer.put(userMicroseconds)
    writer.put(systemMicroseconds)
    writer.put(maxResidentKilobytes)
    writer.put(wallTime)
    writer.put(ranOutOfMemory)
  }

  init(from reader: inout PacketReader) throws(PacketReader.Malformed) {
    guard let kind = Kind(rawValue: try reader.get()) else { throw PacketReader.Malformed() }
    self.kind = kind
    value = try reader.get()
    userMicroseconds = try reader.get()
    systemMicroseconds = try reader.get()
    maxResidentKilobytes = try reader.get()
    wallTime = try reader.get()
    ranOutOfMemory = try reader.getBool()
  }
}
