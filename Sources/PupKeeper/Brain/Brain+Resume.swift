internal import PupBasics
internal import PupSystem

extension Brain {
  func write(to writer: inout ByteWriter) { writer.record(writeFields) }

  private func writeFields(to writer: inout ByteWriter) {
    writer.put(pid)
    writer.put(pidfd.number)
    writer.put(control.descriptor)
    writer.put(logs.descriptor)
    writer.put(isChild)
    writer.put(startedAt)
    writer.put(greeted)
    writer.put(agreed)
    writer.put(readyAt ?? -1)
    writer.put(UInt32(inventoryQueue.count))
    for key in inventoryQueue { key.write(to: &writer) }
    writer.put(inventoryChunk)
    writer.put(inventoryDone)
    writer.put(chunkBlocked)
    writer.put(abortedAt ?? -1)
    writer.put(yieldingSince ?? -1)
    writer.put(farewell != nil)
    writer.put(farewell ?? 0)
    writer.put(UInt32(toldTerminate))
  }

  static func read(from reader: inout ByteReader) throws(FormatError) -> Brain {
    try reader.record { (reader) throws(FormatError) in try Brain(fieldsFrom: &reader) }
  }

  private convenience init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    let pid = try reader.get(Int32.self)
    let pidfd = Descriptor(try reader.get())
    let control = PacketSocket(owning: try reader.get())
    let logs = PacketSocket(owning: try reader.get())
    let isChild = try reader.getBool()
    let startedAt = try reader.get(Int64.self)
    self.init(pid: pid, pidfd: pidfd, control: control, logs: logs, isChild: isChild, now: startedAt)
    // The moment of the exec counts as a beat.
    progressed()
    greeted = try reader.getBool()
    agreed = try reader.get()
    let ready = try reader.get(Int64.self)
    readyAt = ready < 0 ? nil : ready
    for _ in 0..<(try reader.getCount()) { inventoryQueue.append(try EntryKey(from: &reader)) }
    inventoryChunk = try reader.get()
    inventoryDone = try reader.getBool()
    chunkBlocked = try reader.getBool()
    let aborted = try reader.get(Int64.self)
    abortedAt = aborted < 0 ? nil : aborted
    let yielding = try reader.get(Int64.self)
    yieldingSince = yielding < 0 ? nil : yielding
    let leaves = try reader.getBool()
    let code = try reader.get(Int32.self)
    farewell = leaves ? code : nil
    toldTerminate = Int(try reader.get(UInt32.self))
  }
}
