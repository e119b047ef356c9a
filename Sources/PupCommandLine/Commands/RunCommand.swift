internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupLogs

enum RunCommand {
  static let specification = CommandSpecification(
    name: "run", summary: "Start and supervise the processes of a configuration.",
    usage: "[--config FILE]  |  pup run -A (-C \"COMMAND\" | -W \"SCRIPT\" | -- COMMAND ARGUMENTS)",
    description: """
      Without a configuration, one process is made of the flags (its name is `task` unless --id says another); one of -A, -O and -w says when it starts.
      \(ProcessArguments.splitting)

      Ctrl-C (or SIGTERM) stops everything in order, a second Ctrl-C at once.
      If Pup itself is killed, the programs keep running, and the next `pup run` here takes them over.

      With --detach Pup runs in the background, in a session of its own, and outlives the terminal. The command returns once Pup
      supervises and has started what starts by itself, or says why it does not, with the exit code that it would have had. `pup terminate` ends it.

      Exit codes: 0 after an ordinary stop, 64 wrong usage, 65 a configuration that cannot be used, 69 running already, 75 the lock is
      held by a process that may be about to end, 76 another version of Pup has left programs running, or decisions, that this one must
      not guess at.
      """,
    options: Location.options + [
      OptionSpecification("detach", help: "run in the background; return once everything that starts by itself has been started"),
      OptionSpecification(
        "adopt", help: "take over programs that look like those of a Pup which was killed, where nothing proves it any more"),
    ] + ProcessArguments.options,
    examples: [
      ("pup run", "supervise what pup.json in this folder names"),
      ("pup run --config /srv/app/pup.json", "the same for another folder"),
      ("pup run --detach", "the same in the background, also after logging out"),
      ("pup run -A -- python3 -m http.server 8000", "keep one command alive, without a file"),
      ("pup run -A -C \"make data && ./serve | tee out.txt\"", "the same with shell syntax"),
      ("pup run -O \"0 3 * * *\" -C ./backup.sh", "run it every night at three"),
    ],
    describesProcess: true,
    run: { arguments throws(UsageError) in
      if !arguments.positional.isEmpty {
        throw UsageError(
          message: ProgramHint.command(for: arguments.positional).map {
            "'\(arguments.positional[0])': to keep it running: \($0)"
          }
            ?? "'\(arguments.positional[0])': put a command to run after --, as in: pup run -A -- \(arguments.positional[0])"
        )
      }
      let options = try ProcessArguments.read(arguments)
      if options != nil, arguments.has("config") { throw UsageError(message: "give either --config or a command, not both") }
      if let options, !options.startsByItself {
        throw UsageError(
          message: "nothing would start the command: add -A (at once, and again whenever it ends), -O PATTERN (on a schedule) "
            + "or -w PATH (when a file below changes)")
      }
      do throws(InstanceError) {
        return try start(arguments, options)
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func start(_ arguments: ParsedArguments, _ options: AdHocOptions?) throws(InstanceError) -> Int32 {
    let here = Location.workingDirectory
    var warnings: [String] = []
    func warn(_ text: String) {
      guard !text.isEmpty else { return }
      warnings.append(text)
      Terminal.complain(text)
    }
    if options == nil, arguments.has("name") {
      warn("pup: warning: --name has no effect with a configuration; write name: there")
    }
    let location = try Location(arguments, adHocName: options == nil ? "pup.json" : "\(options?.id ?? "task").adhoc")
    let bytes: [UInt8]
    let report: ConfigurationReport
    if let options {
      let made = PupConfiguration.adHoc(
        options, directory: location.directory,
        environment: SystemConfigurationEnvironment(variables: ProcessEnvironment.current))
      (bytes, report) = (made.text, WatchCheck.complete(made.report, of: made.text, location))
    } else {
      let loaded = try LoadedConfiguration.load(location)
      (bytes, report) = (loaded.bytes, loaded.report)
    }
    warn(report.rendered())
    guard let configuration = report.configuration else {
      Terminal.complain("pup: nothing was started; correct the configuration and run it again")
      return InstanceError.Kind.configuration.rawValue
    }
    try location.refuseSwungLink()
    if let warning = location.linkWarning { warn("pup: \(warning)") }
    if arguments.has("detach") {
      return try DetachedRun(location, isAdHoc: options != nil, warnings: warnings)
        .run(undetached(CommandLine.arguments), in: here)
    }
    return try launch(location, bytes, configuration, isAdHoc: options != nil, adopts: arguments.has("adopt"))
  }

  private static func launch(
    _ location: Location, _ bytes: [UInt8], _ configuration: PupConfiguration, isAdHoc: Bool, adopts: Bool
  ) throws(InstanceError) -> Int32 {
    let paths = location.paths
    let programs = try ProgramFiles.open()
    try paths.checkLength(processes: configuration.processes.map(\.id.text))
    let folders = try StorageFolders(paths, configuration: isAdHoc ? nil : location.directory)
    let lock = try InstanceLock.acquire(paths)
    try OriginalPup.refuse(paths)
    let survivors = try Survivors(paths, lock: lock)
    if !adopts { try refuse(survivors.uncertain) }
    try LeftFiles.check(paths)
    let count = configuration.processes.count
    let (needed, allowed) = KeeperLauncher.descriptorNeed(processes: count)
    if needed > allowed {
      Terminal.complain(
        "pup: warning: \(count) processes need about \(needed) open descriptors, and the hard limit is \(allowed); raise it "
          + "(ulimit -Hn \(needed), or LimitNOFILE=\(needed) in the service), or some will not start")
    }
    let need = RuntimeFiles.Need(processes: count, sinkBytes: Int64(SinkLedger.defaultBytes))
    let files = try RuntimeFiles.open(paths, folders, need) { directory in
      InstanceDescription(
        configurationPath: location.configurationPath ?? "the command line", directory: location.directory, isAdHoc: isAdHoc,
        configuration: bytes, dataDirectory: paths.data, temporaryDirectory: paths.temporary, runtimeDirectory: directory,
        reachedAs: location.reachedAs ?? "")
    }
    try survivors.note(in: files)
    throw KeeperLauncher(paths: paths, files: files, programs: programs, lock: lock).exec()
  }

  /// The command line without the option that puts it into the background.
  private static func undetached(_ words: [String]) -> [String] {
    let own = words.prefix { $0 != "--" }
    return own.filter { $0 != "--detach" } + words.dropFirst(own.count)
  }

  /// Nothing is started beside what may be running already.
  private static func refuse(_ uncertain: [Survivor]) throws(InstanceError) {
    guard !uncertain.isEmpty else { return }
    let list = uncertain.map { "\n  \($0.process): pid \($0.pid)" }.joined()
    let pids = uncertain.map { String($0.pid) }.joined(separator: " ")
    throw InstanceError(
      .unavailable,
      "Pup is gone, and these look like programs of it that still run, though nothing proves it:\(list)\nNothing was started, so that nothing runs "
        + "twice. To take them over as they are: pup run --adopt. To end them: kill \(pids); what is certain, pup sweep ends")
  }
}

extension Terminal {
  /// Errors and warnings of a configuration, on standard error.
  static func complain(_ report: ConfigurationReport) {
    let text = report.rendered()
    if !text.isEmpty { complain(text) }
  }
}
