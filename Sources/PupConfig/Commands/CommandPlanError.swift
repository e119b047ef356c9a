/// Why a process cannot be executed.
package struct CommandPlanError: Error, Hashable, Sendable {
  package var what: String
  package var fix: String
  /// Nothing that happens on the machine can make it start.
  package var isCertain = false

  package var message: String { "\(what); \(fix)" }
}
