/// A process that has left the tree of the run that started it.
package struct StrayReport: Hashable, Sendable, CustomStringConvertible {
  /// More than this many at a time are only counted.
  package static let limit = 256

  /// Nil if it is unknown whose it is.
  package var key: EntryKey?
  package var pid: Int32
  /// Of the program, as the kernel knows it.
  package var name: String

  package init(key: EntryKey?, pid: Int32, name: String) {
    (self.key, self.pid, self.name) = (key, pid, name)
  }

  package var description: String {
    key.map { "process \(pid) (\(name)) has left the cgroup of run \($0); it ends with the run" } ?? lostText
  }

  /// For one whose run is unknown.
  package var lostText: String {
    "process \(pid) (\(name)) has left the tree of the program that started it, and it is unknown which one that was; it keeps running until Pup ends, or "
      + "until someone ends it (kill \(pid))"
  }
}
