internal import PupSystem

extension Brain {
  func write(to writer: inout PacketWriter) {
    writer.put(pid)
    writer.put(pidfd)
    writer.put(control.descriptor)
    writer.put(logs.descriptor)
    writer.put(isChild)
    writer.put(startedAt)
    writer.put(greeted)
    writer.put(isReady)
    writer.put(UInt32(inventoryQueue.count))
    for key in inventoryQueue { key.write(to: &writer) }
    writer.put(inventoryChunk)
    writer.put(inventoryDone)
    writer.put(chunkBlocked)
    writer.put(abortedAt ?? -1)
    writer.put(farewell != nil)
    writer.put(farewell ?? 0)
    writer.put(UInt32(toldTerminate))
  }

  convenience init(from reader: inout PacketReader) throws(PacketReader.Malformed) {
    let pid = try reader.get(Int32.self)
    let pidfd = try reader.get(Int32.self)
    let control = PacketSocket(owning: try reader.get())
    let logs = PacketSocket(owning: try reader.get())
    let isChild = try reader.getBool()
    let startedAt = try reader.get(Int64.self)
    self.init(pid: pid, pidfd: pidfd, control: control, logs: logs, isChild: isChild, now: startedAt)
    // The moment of the exec counts as a beat.
    lastBeat = Clock.monotonic
    greeted = try reader.getBool()
    isReady = try reader.getBool()
    for _ in 0..<(try reader.get(UInt32.self)) { inventoryQueue.append(try EntryKey(from: &reader)) }
    inventoryChunk = try reader.get()
    inventoryDone = try reader.getBool()
    chunkBlocked = try reader.getBool()
    let aborted = try reader.get(Int64.self)
    abortedAt = aborted < 0 ? nil : aborted
    let leaves = try reader.getBool()
    let code = try reader.get(Int32.self)
    farewell = leaves ? code : nil
    toldTerminate = Int(try reader.get(UInt32.self))
  }
}
