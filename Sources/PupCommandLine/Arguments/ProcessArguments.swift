internal import PupConfig

/// The flags that describe one process: of `run`, `init` and `append`.
enum ProcessArguments {
  private static let autostart = {
    var option = OptionSpecification("autostart", "A", help: "start at once, and again whenever it ends (or: true, false)")
    option.takesBoolean = true
    return option
  }()

  /// A paragraph of `--help`.
  static let splitting = """
    The words of -C are split and quoted as a shell does it. -W is split at every blank, and quotes mean nothing in it: a \
    script whose path has blanks can be given behind --, where each word stays one (-- python3 "my script.py"), or in the \
    file (worker: ["my script.py"]).
    """

  static let options = [
    OptionSpecification("id", "I", value: "NAME", help: "name of the process"),
    OptionSpecification("cmd", "C", value: "COMMAND", help: "run this command line, which may have shell syntax"),
    OptionSpecification(
      "worker", "W", value: "SCRIPT",
      help: "run this script with the interpreter for its extension; blanks separate its arguments"),
    autostart,
    OptionSpecification("watch", "w", value: "PATH", repeats: true, help: "restart when a file below changes"),
    OptionSpecification("cron", "O", value: "PATTERN", help: "start on this schedule"),
    OptionSpecification("terminate", "T", value: "PATTERN", help: "end the run on this schedule"),
    OptionSpecification("env", "e", value: "NAME=VALUE", repeats: true, help: "set a variable"),
    OptionSpecification("stdout", value: "FILE", help: "append standard output to this file"),
    OptionSpecification("stderr", value: "FILE", help: "append standard error to this file"),
    OptionSpecification("instances", value: "N", help: "run this many"),
    OptionSpecification("start-port", value: "PORT", help: "PUP_CLUSTER_PORT of the first instance"),
    OptionSpecification("common-port", value: "PORT", help: "the port of the load balancer (not supported yet)"),
    OptionSpecification(
      "strategy", value: "NAME", words: ["round-robin", "least-connections", "ip-hash"],
      help: "of the load balancer: round-robin, least-connections or ip-hash (not supported yet)"),
    OptionSpecification("name", value: "NAME", help: "name of the instance: of its service, and in pup status"),
  ]

  /// Nil where no program is given.
  static func read(_ arguments: ParsedArguments) throws(UsageError) -> AdHocOptions? {
    let programs: [AdHocOptions.Program] = [
      arguments.value("cmd").map { .command($0) },
      arguments.value("worker").map { .worker($0.split(separator: " ").map(String.init)) },
      arguments.rest.map { .arguments($0) },
    ].compactMap { $0 }
    guard let program = programs.first else {
      if let flag = options.first(where: { $0.name != "name" && arguments.has($0.name) }) {
        throw UsageError(message: "--\(flag.name) needs a program: add -C \"COMMAND\", -W SCRIPT or -- COMMAND ARGUMENTS")
      }
      return nil
    }
    if programs.count > 1 { throw UsageError(message: "give one of --cmd, --worker and -- COMMAND") }
    if case .arguments(let words) = program, words.first?.isEmpty ?? true {
      throw UsageError(message: "nothing follows --")
    }
    var options = AdHocOptions(program)
    if let id = arguments.value("id") { options.id = id }
    options.name = arguments.value("name")
    options.autostart = arguments.has("autostart")
    options.watch = arguments.all("watch")
    options.cron = arguments.value("cron")
    options.terminate = arguments.value("terminate")
    options.env = arguments.all("env")
    options.stdout = arguments.value("stdout")
    options.stderr = arguments.value("stderr")
    options.instances = try arguments.integer("instances", in: 0...65535)
    options.startPort = try arguments.integer("start-port", in: 1...65535)
    options.commonPort = try arguments.integer("common-port", in: 1...65535)
    options.strategy = arguments.value("strategy")
    return options
  }
}
