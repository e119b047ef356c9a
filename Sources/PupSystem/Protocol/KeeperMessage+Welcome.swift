internal import PupBasics

extension KeeperMessage.Welcome {
  func write(to writer: inout ByteWriter) {
    // As in `Hello`: any two builds understand each other this far.
    writer.put(speaks)
    writer.put(agreed)
    writer.put(specification)
    writer.put(safeMode != nil)
    if let safeMode {
      writer.record {
        $0.put(safeMode.since)
        $0.put(safeMode.reason)
        $0.put(safeMode.trial)
      }
    }
    writer.put(reason)
    writer.put(terminateSignal)
    writer.put(ledgerRows)
    writer.put(entries)
    writer.put(openFileLimit)
    writer.put(openFileCapacity)
    writer.put(cgroupBase)
    writer.put(programs)
    writer.put(predecessors)
    writer.put(keeperPid)
    writer.put(UInt32(kept.count))
    for name in kept { writer.put(name) }
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self.init()
    speaks = try reader.getVersions()
    agreed = try reader.get()
    specification = try reader.get()
    if try reader.getBool() {
      safeMode = try reader.record { (reader) throws(FormatError) in
        KeeperMessage.SafeMode(since: try reader.get(), reason: try reader.getString(), trial: try reader.get())
      }
    }
    reason = try reader.getString()
    terminateSignal = try reader.get()
    ledgerRows = try reader.get()
    entries = try reader.get()
    openFileLimit = try reader.get()
    openFileCapacity = try reader.get()
    cgroupBase = try reader.getString()
    programs = try reader.getString()
    predecessors = try reader.get()
    keeperPid = try reader.get()
    let count = try reader.getCount()
    guard count <= BrainMessage.keptLimit else { throw .malformed }
    for _ in 0..<count { kept.append(try reader.getString()) }
  }
}
