/// How a process is executed, and therefore what is supervised.
package struct CommandPlan: Hashable, Sendable {
  package enum Form: String, Hashable, Sendable {
    /// The program, without a shell.
    case direct
    /// A shell that replaces itself with the program: the program is the supervised pid.
    case shellThenProgram
    /// A shell that stays around: it is the supervised pid, and its group is stopped with it.
    case shell
    /// A script's interpreter.
    case interpreter
  }

  /// Absolute path of the executable.
  package var executable: String
  /// Including argument 0.
  package var arguments: [String]
  package var form: Form
  /// Why this form was chosen: "`&&` joins several commands".
  package var reason: String
  /// The shell will refuse the command: it ends within quotation marks or brackets.
  package var isUnclosed = false

  package init(executable: String, arguments: [String], form: Form, reason: String) {
    self.executable = executable
    self.arguments = arguments
    self.form = form
    self.reason = reason
  }

  /// One line for people: "the program itself (a simple command)".
  package var explanation: String {
    switch form {
    case .direct: "supervised as the program itself: \(reason)"
    case .shellThenProgram: "supervised as the program itself, started through /bin/sh: \(reason)"
    case .shell: "supervised as its shell, with its group: \(reason)"
    case .interpreter: "supervised as the interpreter: \(reason)"
    }
  }

  static let shellPath = "/bin/sh"

  static func shell(_ form: Form, _ text: String, _ reason: String) -> CommandPlan {
    CommandPlan(executable: shellPath, arguments: ["sh", "-c", text], form: form, reason: reason)
  }
}
