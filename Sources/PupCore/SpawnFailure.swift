/// Why a program could not be started: the stage of the spawn that failed, its errno, and a message for a person.
package struct SpawnFailure: Hashable, Sendable {
  /// For example "exec", "chdir", "keeper".
  package var stage: String
  package var errno: Int32
  /// "exec /usr/bin/foo: No such file or directory (cwd /srv/x)"
  package var message: String
  /// The machine ran short of a resource, or the user reached a limit: the program is not at fault.
  package var isShortage: Bool

  package init(stage: String, errno: Int32, message: String, isShortage: Bool = false) {
    self.stage = stage
    self.errno = errno
    self.message = message
    self.isShortage = isShortage
  }
}
