/// A process that has left the tree of the run that started it.
package struct StrayReport: Hashable, Sendable, CustomStringConvertible {
  /// More than this many at a time are only counted.
  package static let limit = 256

  /// Nil where nobody can say whose it is.
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

  /// For one that nobody can be named for.
  package var lostText: String {
    "process \(pid) (\(name)) has left the tree of the program that started it, and which one that was cannot be told; it runs on until Pup ends, or until "
      + "somebody ends it (kill \(pid))"
  }
}
