internal import Glibc
internal import PupBasics
internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupService

enum EnableServiceCommand {
  static let specification = CommandSpecification(
    name: "enable-service", summary: "Install Pup as a service that starts at boot, and start it.",
    usage: "[--config FILE] [--system [--user NAME] | --user] [--name NAME] [--dry-run]",
    description: """
      Writes the files that the service manager of this machine wants (systemd, OpenRC, runit, Upstart or sysvinit), registers the service,
      starts it and sees that it runs. If any of this fails, everything is taken back. A file that Pup did not write is never touched.
      Root installs a service of the machine, everybody else one of their own (systemd only), unless --system or --user says otherwise.
      The service gets the PATH of this shell, and what --env adds.

      Exit codes: 0 it runs, 64 wrong usage, 65 a configuration or name that cannot be used, 69 a Pup runs here already, 71 the service
      manager refused, 77 only root can do this (what root has to run is printed).
      """,
    options: Location.options + ServiceTarget.options + [
      OptionSpecification("env", "e", value: "NAME=VALUE", repeats: true, help: "set a variable for the service"),
      OptionSpecification("dry-run", help: "only print what would be written and run, as a shell script"),
      OptionSpecification("json", help: "print a summary as JSON"),
    ],
    examples: [
      ("pup enable-service", "the pup.json of this folder, as your own service"),
      ("sudo pup enable-service --config /srv/app/pup.json --name app", "as a service of the machine, by root"),
      ("sudo pup enable-service --system --user www-data", "as a service of the machine that runs as www-data"),
      ("pup enable-service --dry-run", "only show what would be done, and refuse what would be refused"),
    ],
    run: { arguments throws(UsageError) in
      let selection = try ServiceTarget.Selection(arguments)
      let variables = try assignments(arguments.all("env"))
      do throws(InstanceError) {
        return try enable(arguments, selection, variables)
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func assignments(_ texts: [String]) throws(UsageError) -> [ServiceVariable] {
    var variables: [ServiceVariable] = []
    for text in texts {
      // The value may be a secret: it is not repeated.
      guard let variable = ServiceVariable(parsing: text) else {
        throw UsageError(message: "--env '\(text.prefix { $0 != "=" })': NAME=VALUE is needed")
      }
      variables.append(variable)
    }
    return variables
  }

  private static func enable(
    _ arguments: ParsedArguments, _ selection: ServiceTarget.Selection, _ given: [ServiceVariable]
  ) throws(InstanceError) -> Int32 {
    let location = try Location(arguments)
    let loaded = try LoadedConfiguration.borrowingRights(location)
    Terminal.complain(loaded.report)
    guard let configuration = loaded.report.configuration, let path = location.absoluteConfigurationPath else {
      Terminal.complain("pup: nothing was installed; correct the configuration and try again")
      return InstanceError.Kind.configuration.rawValue
    }
    try location.paths.checkLength(processes: configuration.processes.map(\.id.text))
    let target = try ServiceTarget(selection, configurationName: configuration.name, isDryRun: arguments.has("dry-run"))
    var definition = ServiceDefinition(
      name: target.name, scope: target.scope, runAs: target.runAs, program: try ownProgram(), configuration: path,
      directory: location.directory, paths: location.paths, storageOptions: storageOptions(arguments, location.paths),
      stopSeconds: stopSeconds(configuration))
    definition.variables = variables(given, home: selection.home)
    definition.hasOwnVariables = !given.isEmpty
    try definition.validate(for: target.manager)
    let plan = ServicePlan.make(definition, for: target.manager, in: target.surroundings)
    let isDryRun = arguments.has("dry-run")
    warn(path, target)
    if let warning = location.linkWarning { Terminal.complain("pup: \(warning)") }
    warn(of: location, path, runningAs: target.runAs)
    if isDryRun || geteuid() != 0 { try refuseForeign(plan) }
    if !isDryRun {
      if target.scope == .system, geteuid() != 0 { return needsRoot(plan) }
      try target.prepare()
      try refuseSecond(plan, location)
      let result = try ServiceInstaller(plan).install()
      if !arguments.has("json") { tell(plan, result, target) }
    } else if !arguments.has("json") {
      Terminal.print(ManualSteps.installation(plan))
    }
    if arguments.has("json") {
      Terminal.print(ServiceSummary.json(plan, steps: plan.enable, isDryRun: isDryRun, done: "enabled"))
    }
    return 0
  }

  // MARK: What the service needs

  private static func ownProgram() throws(InstanceError) -> String {
    // Nothing is installed that could not run.
    _ = try ProgramFiles.open()
    guard let pointer = realpath("/proc/self/exe", nil) else {
      throw InstanceError(.system, "/proc/self/exe: the path of this program is not known; is /proc mounted?")
    }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// Where the data is kept must not depend on the environment of this shell.
  private static func storageOptions(_ arguments: ParsedArguments, _ paths: StoragePaths) -> [String] {
    let environment = ProcessEnvironment.current
    let isMoved = arguments.has("data-dir") || environment["PUP_DATA_DIR"] != nil || environment["STATE_DIRECTORY"] != nil
    return (isMoved ? ["--data-dir", paths.data] : []) + (arguments.has("temp-dir") ? ["--temp-dir", paths.temporary] : [])
  }

  private static func stopSeconds(_ configuration: PupConfiguration) -> Int {
    let longest = configuration.processes.map { $0.terminateTimeout.nanoseconds }.max() ?? 30_000_000_000
    // A day is more than any service manager should wait.
    return Int(min((longest + 999_999_999) / 1_000_000_000, 86_400))
  }

  private static func variables(_ given: [ServiceVariable], home: String?) -> [ServiceVariable] {
    let environment = ProcessEnvironment.current
    // Relative folders would mean others in the service.
    let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter(PathText.isAbsolute).joined(
      separator: ":")
    var variables = path.isEmpty ? [] : [ServiceVariable(name: "PATH", value: path)]
    if let home { variables.append(ServiceVariable(name: "HOME", value: home)) }
    if let libexec = environment["PUP_LIBEXEC"] { variables.append(ServiceVariable(name: "PUP_LIBEXEC", value: libexec)) }
    for variable in given {
      variables.removeAll { $0.name == variable.name }
      variables.append(variable)
    }
    return variables
  }

  // MARK: Words

  private static func refuseSecond(_ plan: ServicePlan, _ location: Location) throws(InstanceError) {
    // The service itself may run already; then this brings its files up to date.
    if plan.files.contains(where: { access($0.path, F_OK) == 0 }) { return }
    guard let pid = InstanceLock.runningPid(location.paths) else { return }
    throw InstanceError(
      .unavailable,
      "Pup runs here already (pid \(pid)), and the service would be a second one; stop it first: pup terminate\(location.option)")
  }

  private static func needsRoot(_ plan: ServicePlan) -> Int32 {
    Terminal.complain(
      "pup: only root can install a service of the machine. Run this command with sudo, install your own with --user"
        + " (systemd only), or let root run what follows:")
    Terminal.print(ManualSteps.installation(plan))
    return InstanceError.Kind.permission.rawValue
  }

  /// A service of root that somebody else can rewrite makes root of them.
  private static func warn(_ path: String, _ target: ServiceTarget) {
    guard target.scope == .system, target.runAs == nil else { return }
    for file in [path, PathText.start(of: path) ?? path] {
      var info = stat()
      guard stat(file.isEmpty ? "/" : file, &info) == 0 else { continue }
      let isShared = info.st_mode & 0o002 != 0 && info.st_mode & 0o1000 == 0
      guard info.st_uid != 0 || isShared else { continue }
      let owner = "user \(getpwuid(info.st_uid).map { String(cString: $0.pointee.pw_name) } ?? String(info.st_uid))"
      Terminal.complain(
        "pup: warning: the service runs as root, and \(isShared ? "everybody" : owner) can change \(file); give it to root, or let the "
          + "service run as somebody else: --system --user NAME")
      return
    }
  }

  /// The user that the service is to run as reads the configuration and writes beside it.
  private static func warn(of location: Location, _ path: String, runningAs name: String?) {
    guard let name, let access = UserAccess(name: name) else { return }
    if !access.canRead(path) {
      Terminal.complain(
        "pup: warning: the service runs as \(name), who cannot read \(path); give it to \(name), or change its mode")
    }
    var told: Set<String> = []
    for data in [location.paths.data, location.paths.temporary] {
      let folder = UserAccess.nearestFolder(to: data)
      guard !access.canWrite(in: folder), told.insert(folder).inserted else { continue }
      Terminal.complain(
        "pup: warning: the service runs as \(name), who cannot write in \(folder), where Pup keeps its data (\(data)); give \(name) that "
          + "folder, or another one: --data-dir DIR")
    }
  }

  /// What is printed is run by somebody: it must not overwrite what Pup did not write.
  private static func refuseForeign(_ plan: ServicePlan) throws(InstanceError) {
    do throws(InstanceError) {
      try ServiceInstaller(plan).refuseForeign()
    } catch {
      guard error.kind == .permission else { throw error }
      Terminal.complain("pup: warning: \(error.message): whether Pup wrote it cannot be said; look before you overwrite it")
    }
  }

  private static func tell(_ plan: ServicePlan, _ result: ServiceInstaller.Result, _ target: ServiceTarget) {
    var text = "\(plan.unit) runs, and starts at \(plan.scope == .system ? "boot" : "login") (\(plan.manager.title))\n"
    for file in plan.files { text += "  written: \(file.path)\n" }
    for hint in plan.hints { text += "  \(hint)\n" }
    if result.wasInstalled, result.hasChanged {
      text += "  it was installed before; what is different now counts from its next start\n"
    }
    if plan.scope == .user, let user = UserManager.userName, !UserManager.lingers(user) {
      text += "  it ends with your last session; to have it run from boot on: loginctl enable-linger \(user)\n"
    }
    Terminal.print(text)
  }
}
