/// Why a program could not be started: the stage of the spawn that failed, its errno, and the words for a person.
package struct SpawnFailure: Hashable, Sendable {
  /// For example "exec", "chdir", "keeper".
  package var stage: String
  package var errno: Int32
  /// "exec /usr/bin/foo: No such file or directory (cwd /srv/x)"
  package var message: String

  package init(stage: String, errno: Int32, message: String) {
    self.stage = stage
    self.errno = errno
    self.message = message
  }
}
