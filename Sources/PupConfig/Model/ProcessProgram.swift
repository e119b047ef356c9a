/// What a process executes, as configured; `CommandPlan` decides how.
package enum ProcessProgram: Hashable, Sendable {
  /// A command line as a shell reads it.
  case command(String)
  /// A script and its arguments, run by the interpreter for the script's extension. Never empty.
  case worker([String])
}
