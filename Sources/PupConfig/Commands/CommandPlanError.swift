/// Why a process cannot be executed.
package struct CommandPlanError: Error, Hashable, Sendable {
  package var what: String
  package var fix: String
  /// No change on the machine can make it start.
  package var isCertain = false
  /// What to execute anyway if the only doubt is about a path: whether the program or its folder is missing or
  /// inaccessible is best left to the kernel.
  package var attempt: CommandPlan?

  package var message: String { "\(what); \(fix)" }
}
