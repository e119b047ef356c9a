internal import PupConfig
internal import PupInstance

enum InitCommand {
  static let specification = CommandSpecification(
    name: "init", summary: "Write a new configuration.",
    usage: "[--config FILE] [--id NAME (-C \"COMMAND\" | -W \"SCRIPT\" | -- COMMAND ARGUMENTS)]",
    description: """
      Makes pup.json in the working directory, with one process where the flags describe one. A file that exists is left as it is; add
      processes to it with `pup append`. The process works in --cwd DIR; the file is written here.

      \(ProcessArguments.splitting)
      """,
    options: EditedConfiguration.options,
    examples: [
      ("pup init", "a configuration without processes"),
      ("pup init --name shop --id web -A -C \"npm start\"", "one with a name, for its service and for pup status"),
      ("pup init --id web -A -C \"node server.js\"", "one with a process that is kept running"),
    ],
    describesProcess: true,
    run: { arguments throws(UsageError) in
      try arguments.refusePositional()
      let options = try ProcessArguments.read(arguments)
      return InstanceError.toExitCode { () throws(InstanceError) in
        let file = try EditedConfiguration(arguments, orNamed: "pup.json")
        var process: OrderedValue?
        if let options { process = try file.process(options, arguments) }
        let bytes = ConfigurationEdit.new(process, name: arguments.value("name"))
        try file.check(bytes)
        try file.create(bytes)
        Terminal.print(
          "\(file.path): written\(options.map { " with the process \($0.id)" } ?? ""); "
            + (options == nil
              ? "add a process: pup append\(file.option) --id NAME -A -C \"COMMAND\"\n" : "start it: pup run\(file.option)\n"))
        return 0
      }
    })
}
