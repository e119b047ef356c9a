package import PupBasics

/// A run as the keeper reports it to a brain that takes over. Two descriptors travel with each: the read ends of stdout and
/// stderr (in that order, each only if `hasOutput` / `hasError`).
package struct InventoryEntry: Hashable, Sendable {
  package enum Phase: UInt8, Hashable, Sendable {
    case spawning = 1
    case running, exited, empty, failed
  }

  package var key: EntryKey
  package var phase: Phase
  package var pid: Int32
  /// Clock ticks since boot, from /proc/PID/stat: detects a reused pid.
  package var startTime: UInt64
  package var exit: ExitRecord?
  package var failure: SpawnError
  /// The name of the run's own cgroup, or "".
  package var cgroup: String
  /// The run's pup-init, or 0.
  package var initPid: Int32
  package var initStartTime: UInt64
  package var rowOut: UInt32
  package var rowErr: UInt32
  package var consumedOut: UInt64
  package var consumedErr: UInt64
  /// The pipes' inode numbers, by which they are recognized in /proc/PID/fd; 0 if unknown.
  package var pipeOut: UInt64 = 0
  package var pipeErr: UInt64 = 0
  package var hasOutput: Bool
  package var hasError: Bool

  /// For the streams that are read.
  package var rows: [UInt32] { (hasOutput ? [rowOut] : []) + (hasError ? [rowErr] : []) }

  /// None of its processes is left, or none was started.
  package var hasEnded: Bool { phase == .empty || phase == .failed }

  package init(key: EntryKey, phase: Phase) {
    self.key = key
    self.phase = phase
    (pid, startTime, failure, cgroup, initPid, initStartTime) = (0, 0, .none, "", 0, 0)
    (rowOut, rowErr, consumedOut, consumedErr, hasOutput, hasError) = (0, 0, 0, 0, false, false)
  }

  package func write(to writer: inout ByteWriter) { writer.record(writeFields) }

  private func writeFields(to writer: inout ByteWriter) {
    writer.put(key.slot)
    writer.put(key.generation)
    writer.put(phase.rawValue)
    writer.put(pid)
    writer.put(startTime)
    writer.put(exit != nil)
    exit?.write(to: &writer)
    writer.put(failure.stage)
    writer.put(failure.errno)
    writer.put(cgroup)
    writer.put(initPid)
    writer.put(initStartTime)
    writer.put(rowOut)
    writer.put(rowErr)
    writer.put(consumedOut)
    writer.put(consumedErr)
    writer.put(pipeOut)
    writer.put(pipeErr)
    writer.put(hasOutput)
    writer.put(hasError)
    writer.put(failure.subject)
  }

  package init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    key = EntryKey(slot: try reader.get(), generation: try reader.get())
    let number = try reader.get(UInt8.self)
    guard let phase = Phase(rawValue: number) else { throw .unknown(what: "phase of a run", value: UInt64(number)) }
    self.phase = phase
    pid = try reader.get()
    startTime = try reader.get()
    exit = try reader.getBool() ? try ExitRecord(from: &reader) : nil
    failure = SpawnError(stage: try reader.get(), errno: try reader.get())
    cgroup = try reader.getString()
    initPid = try reader.get()
    initStartTime = try reader.get()
    rowOut = try reader.get()
    rowErr = try reader.get()
    consumedOut = try reader.get()
    consumedErr = try reader.get()
    pipeOut = try reader.get()
    pipeErr = try reader.get()
    hasOutput = try reader.getBool()
    hasError = try reader.getBool()
    if reader.remaining > 0 { failure.subject = try reader.getString() }
  }
}
