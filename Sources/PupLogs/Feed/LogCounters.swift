/// What has happened to one process's output since this supervisor began. Counters only rise.
package struct LogCounters: Hashable, Sendable {
  /// Lines that were taken, those of the program and Pup's own about it.
  package var lines: UInt64
  /// Their bytes, as they were written.
  package var bytes: UInt64
  /// Lines that the store or a `logger.*` file could not take; a line that neither could take counts twice.
  package var lost: UInt64

  package init(lines: UInt64 = 0, bytes: UInt64 = 0, lost: UInt64 = 0) {
    self.lines = lines
    self.bytes = bytes
    self.lost = lost
  }
}
