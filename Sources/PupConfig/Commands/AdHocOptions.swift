/// One process described by the flags of `pup run` instead of a file.
package struct AdHocOptions: Hashable, Sendable {
  package enum Program: Hashable, Sendable {
    /// `--cmd`: a command line as a shell reads it.
    case command(String)
    /// `-- program argument …`: exactly these arguments.
    case arguments([String])
    /// `--worker`
    case worker([String])
  }

  package var program: Program
  /// The instance's name.
  package var name: String?
  package var id = "task"
  package var autostart = false
  package var watch: [String] = []
  package var cron: String?
  package var terminate: String?
  package var cwd: String?
  /// "NAME=value"
  package var env: [String] = []
  package var instances: Int?
  package var startPort: Int?
  package var commonPort: Int?
  package var strategy: String?
  package var stdout: String?
  package var stderr: String?

  package init(_ program: Program) { self.program = program }

  /// Whether anything other than an operator starts it.
  package var startsByItself: Bool { autostart || !watch.isEmpty || cron != nil }

  /// The flag that set a key of the configuration built from flags; nil where it was none.
  static func flag(forKeyPath path: String) -> String? {
    if path == "name" { return "--name" }
    let key = path.split(separator: ".").dropFirst().map { $0.prefix { $0 != "[" } }.joined(separator: ".")
    return flags.first { key == $0.key || key.hasPrefix($0.key + ".") }?.flag
  }

  private static let flags: [(key: String, flag: String)] = [
    ("id", "--id"), ("cmd", "--cmd"), ("worker", "--worker"), ("watch", "--watch"), ("cron", "--cron"),
    ("terminate", "--terminate"), ("cwd", "--cwd"), ("env", "--env"), ("cluster.instances", "--instances"),
    ("cluster.startPort", "--start-port"), ("cluster.commonPort", "--common-port"), ("cluster.strategy", "--strategy"),
    ("logger.stdout", "--stdout"), ("logger.stderr", "--stderr"),
  ]
}
