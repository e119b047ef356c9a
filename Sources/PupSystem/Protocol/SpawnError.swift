/// Why the keeper could not start a program.
package struct SpawnError: Hashable, Sendable {
  /// A `SpawnStage`, or one of a later version.
  package var stage: UInt32
  package var errno: Int32
  /// What the stage was busy with, where the child said it: a path, the name of a limit; or "".
  package var subject: String

  package init(stage: UInt32, errno: Int32, subject: String = "") {
    self.stage = stage
    self.errno = errno
    self.subject = subject
  }

  package init(_ stage: SpawnStage, errno: Int32) { self.init(stage: stage.rawValue, errno: errno) }

  package static let none = SpawnError(stage: 0, errno: 0)
}
