internal import PupSystem

/// What is needed to find a run again after both keeper and brain are gone.
package struct RunRecord: Hashable, Sendable {
  /// Of a stream that nobody reads.
  package static let noRow = UInt32.max

  package var generation: UInt32
  /// 0 until the keeper has told it.
  package var pid: Int32 = 0
  package var startTime: UInt64 = 0
  package var initPid: Int32 = 0
  package var initStartTime: UInt64 = 0
  /// Inode numbers of the output pipes.
  package var pipeOut: UInt64 = 0
  package var pipeErr: UInt64 = 0
  package var rowOut: UInt32
  package var rowErr: UInt32
  package var graceNanoseconds: UInt64
  package var timeoutNanoseconds: UInt64

  package init(generation: UInt32, rowOut: UInt32, rowErr: UInt32, graceNanoseconds: UInt64, timeoutNanoseconds: UInt64) {
    self.generation = generation
    self.rowOut = rowOut
    self.rowErr = rowErr
    self.graceNanoseconds = graceNanoseconds
    self.timeoutNanoseconds = timeoutNanoseconds
  }

  func write(to writer: inout PacketWriter) {
    writer.put(generation)
    writer.put(pid)
    writer.put(startTime)
    writer.put(initPid)
    writer.put(initStartTime)
    writer.put(pipeOut)
    writer.put(pipeErr)
    writer.put(rowOut)
    writer.put(rowErr)
    writer.put(graceNanoseconds)
    writer.put(timeoutNanoseconds)
  }

  init(from reader: inout PacketReader) throws(PacketReader.Malformed) {
    generation = try reader.get()
    pid = try reader.get()
    startTime = try reader.get()
    initPid = try reader.get()
    initStartTime = try reader.get()
    pipeOut = try reader.get()
    pipeErr = try reader.get()
    rowOut = try reader.get()
    rowErr = try reader.get()
    graceNanoseconds = try reader.get()
    timeoutNanoseconds = try reader.get()
  }

  /// The name of a run's cgroup, from which it can be found again.
  package static func cgroupName(process: String, generation: UInt32) -> String { "\(process).\(generation)" }
}
