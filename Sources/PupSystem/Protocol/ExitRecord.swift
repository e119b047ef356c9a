internal import PupBasics

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
  /// What the leader used, with the children that it has waited for; all 0 for a program that this keeper's predecessor started
  /// and that is no longer anyone's child (known if it has a pup-init).
  package var userMicroseconds: Int64 = 0
  package var systemMicroseconds: Int64 = 0
  package var maxResidentKilobytes: Int64 = 0
  /// Microseconds since 1970.
  package var wallTime: Int64 = 0
  /// It was killed, not by this keeper, and the kernel has counted a kill because memory ran out in the run's own cgroup. Also
  /// false if there is no such count: without a cgroup, or without the memory controller.
  package var ranOutOfMemory = false

  /// No program runs without memory.
  package var isUsageKnown: Bool { maxResidentKilobytes > 0 }

  package init(kind: Kind, value: Int32) {
    self.kind = kind
    self.value = value
  }

  func write(to writer: inout ByteWriter) {
    writer.record {
      $0.put(kind.rawValue)
      $0.put(value)
      $0.put(userMicroseconds)
      $0.put(systemMicroseconds)
      $0.put(maxResidentKilobytes)
      $0.put(wallTime)
      $0.put(ranOutOfMemory)
    }
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in
      // An unrecognized way to end is read as unknown.
      let kind = Kind(rawValue: try reader.get()) ?? .unknown
      var exit = ExitRecord(kind: kind, value: try reader.get())
      exit.userMicroseconds = try reader.get()
      exit.systemMicroseconds = try reader.get()
      exit.maxResidentKilobytes = try reader.get()
      exit.wallTime = try reader.get()
      exit.ranOutOfMemory = try reader.getBool()
      return exit
    }
  }
}
