internal import PupSystem

/// The first page of the state file.
package struct StateHeader: Hashable, Sendable {
  /// Whether a brain has begun supervising: what is in the slots is then the truth.
  package var begun = false
  /// The keeper under which the slots were written.
  package var keeperPid: Int32 = 0
  package var keeperStartTime: UInt64 = 0
  package var bootID = ""
  /// The folder of the runs' cgroups: a later `pup run` may be in another cgroup itself.
  package var cgroupBase = ""

  package init() {}

  func encoded() -> [UInt8] {
    var writer = PacketWriter()
    writer.put(begun)
    writer.put(keeperPid)
    writer.put(keeperStartTime)
    writer.put(bootID)
    writer.put(cgroupBase)
    return writer.bytes
  }

  init(decoding bytes: ArraySlice<UInt8>) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes)
    begun = try reader.getBool()
    keeperPid = try reader.get()
    keeperStartTime = try reader.get()
    bootID = try reader.getString()
    cgroupBase = try reader.getString()
  }
}
