internal import PupConfig
internal import PupInstance

enum AppendCommand {
  static let specification = CommandSpecification(
    name: "append", summary: "Add a process to the configuration.",
    usage: "--id NAME (-C \"COMMAND\" | -W \"SCRIPT\" | -- COMMAND ARGUMENTS) [--config FILE]",
    description: """
      The process is written after the others, in the style of the file; comments and formatting stay as they are. A running Pup keeps
      the configuration that it was started with, and the command says so.

      --cwd DIR is the folder in which the process works. Where DIR has a configuration of its own, the process is added to that one, as every
      other command with --cwd works there; else to the one here. pup remove with the same --cwd finds it again.

      \(ProcessArguments.splitting)
      """,
    options: EditedConfiguration.options,
    examples: [
      ("pup append --id web -A -C \"node server.js\"", "a process that is kept running"),
      ("pup append --id backup -O \"0 3 * * *\" -W backup.py", "a script, every night at three"),
    ],
    describesProcess: true,
    run: { arguments throws(UsageError) in
      try arguments.refusePositional()
      guard let options = try ProcessArguments.read(arguments) else {
        throw UsageError(message: "a program is needed: -C \"COMMAND\", -W SCRIPT or -- COMMAND ARGUMENTS")
      }
      if arguments.has("name") {
        throw UsageError(
          message: "--name is the instance's, which pup init or the file itself names; the process is named by --id")
      }
      guard arguments.has("id") else { throw UsageError(message: "--id NAME is needed") }
      return InstanceError.toExitCode { () throws(InstanceError) in
        let file = try EditedConfiguration(arguments, entersDirectory: EditedConfiguration.isElsewhere(arguments))
        let process = try file.process(options, arguments)
        try file.change { (bytes) throws(ConfigurationEditError) in try ConfigurationEdit.append(process, to: bytes) }
        Terminal.print("\(file.path): \(options.id) added\n")
        file.mentionRunningPup()
        return 0
      }
    })
}
