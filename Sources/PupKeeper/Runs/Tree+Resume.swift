internal import PupBasics
internal import PupSystem

extension Tree {
  /// What it is made of, as it travels through an exec; behind it come the descriptors of each, in this order.
  private struct Parts: OptionSet {
    let rawValue: UInt8
    static let cgroup = Parts(rawValue: 1)
    static let initProcess = Parts(rawValue: 2)
    static let emptiedInit = Parts(rawValue: 4)
    static let known: Parts = [.cgroup, .initProcess, .emptiedInit]
  }

  private var parts: Parts {
    var parts: Parts = []
    if cgroup != nil { parts.insert(.cgroup) }
    if let initProcess { parts.formUnion(initProcess.hasEmptied ? [.initProcess, .emptiedInit] : .initProcess) }
    return parts
  }

  func write(to writer: inout ByteWriter) {
    writer.put(parts.rawValue)
    for descriptor in owned { writer.put(descriptor.number) }
  }

  /// - Parameter entry: has the names of what the descriptors are of.
  init(of entry: InventoryEntry, from reader: inout ByteReader) throws(FormatError) {
    let parts = Parts(rawValue: try reader.get())
    guard parts.isSubset(of: .known) else { throw .unknown(what: "tree of kind", value: UInt64(parts.rawValue)) }
    if parts.contains(.cgroup) {
      cgroup = Cgroup(name: entry.cgroup, directory: Descriptor(try reader.get()), events: Descriptor(try reader.get()))
    }
    if parts.contains(.initProcess) {
      initProcess = InitProcess(
        pid: entry.initPid, startTime: entry.initStartTime, pidfd: Descriptor(try reader.get()),
        reports: Descriptor(try reader.get()), hasEmptied: parts.contains(.emptiedInit))
    }
  }
}
