internal import PupBasics
package import PupSystem

/// What is needed to find a run again after both keeper and brain are gone: by its pup-init, whose pid is here; by its cgroup,
/// whose name follows from process and generation; by its leader's session. It may have the first two at once. Whether it has the
/// cgroup is not stored: the folder itself shows that, even for a run that the keeper could no longer report.
package struct RunRecord: Hashable, Sendable {
  /// For a stream that nobody reads.
  package static let noRow = UInt32.max

  package var generation: UInt32
  /// 0 until the keeper has reported it.
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

  func write(to writer: inout ByteWriter) {
    writer.record {
      $0.put(generation)
      $0.put(pid)
      $0.put(startTime)
      $0.put(initPid)
      $0.put(initStartTime)
      $0.put(pipeOut)
      $0.put(pipeErr)
      $0.put(rowOut)
      $0.put(rowErr)
      $0.put(graceNanoseconds)
      $0.put(timeoutNanoseconds)
    }
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
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

  /// - Parameter cgroupBase: "" without cgroups.
  package func tree(process: String, cgroupBase: String) -> ProcessTree {
    let name = Self.cgroupName(process: process, generation: generation)
    return tree(cgroup: cgroupBase.isEmpty ? nil : "\(cgroupBase)/\(name)")
  }

  /// - Parameter cgroup: the run's own folder.
  func tree(cgroup: String?) -> ProcessTree {
    ProcessTree(
      leader: ProcessIdentity(pid: pid, startTime: startTime), cgroup: cgroup.map { CgroupFolder(path: $0) },
      initProcess: initPid > 0 ? ProcessIdentity(pid: initPid, startTime: initStartTime) : nil)
  }
}
