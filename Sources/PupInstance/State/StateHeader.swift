internal import PupBasics
internal import PupSystem

/// The first page of the state file.
package struct StateHeader: Hashable, Sendable {
  /// Whether a brain has begun supervising: then the slots are authoritative.
  package var begun = false
  /// The keeper under which the slots were written.
  package var keeperPid: Int32 = 0
  package var keeperStartTime: UInt64 = 0
  package var bootID = ""
  /// The folder of the runs' cgroups: a later `pup run` may be in another cgroup itself.
  package var cgroupBase = ""
  /// Who asked for everything to stop; nil if nobody has.
  package var terminatedBy: String?

  package init() {}

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.put(StateFile.format) {
      $0.put(begun)
      $0.put(keeperPid)
      $0.put(keeperStartTime)
      $0.put(bootID)
      $0.put(cgroupBase)
      $0.put(terminatedBy ?? "")
    }
    return writer.bytes
  }

  init(decoding bytes: ArraySlice<UInt8>) throws(FormatError) {
    var reader = ByteReader(bytes)
    self = try reader.read(StateFile.format) { (reader) throws(FormatError) in
      var header = StateHeader()
      header.begun = try reader.getBool()
      header.keeperPid = try reader.get()
      header.keeperStartTime = try reader.get()
      header.bootID = try reader.getString()
      header.cgroupBase = try reader.getString()
      let name = try reader.getString()
      header.terminatedBy = name.isEmpty ? nil : name
      return header
    }
  }
}
