internal import Glibc
internal import PupConfig
internal import PupInstance
internal import PupService

enum DisableServiceCommand {
  static let specification = CommandSpecification(
    name: "disable-service", summary: "Stop a service that enable-service installed, and remove it.",
    usage: "[--config FILE] [--system | --user] [--name NAME] [--dry-run]",
    description: """
      Stops the service with all its programs, each within its own time, unregisters it and removes its files. Logs and data stay.
      A service that Pup did not install is left alone.

      Exit codes: 0 it is gone, 64 wrong usage, 65 there is no such service, 71 the service manager refused, 77 only root can do this.
      """,
    options: Location.options + ServiceTarget.options + [
      OptionSpecification("dry-run", help: "only print what would be run, as a shell script"),
      OptionSpecification("json", help: "print a summary as JSON"),
    ],
    examples: [
      ("pup disable-service", "the service of the pup.json in this folder"),
      ("sudo pup disable-service --name app", "a service of the machine, by its name"),
    ],
    run: { arguments throws(UsageError) in
      let selection = try ServiceTarget.Selection(arguments)
      do throws(InstanceError) {
        return try disable(arguments, selection)
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func disable(_ arguments: ParsedArguments, _ selection: ServiceTarget.Selection) throws(InstanceError) -> Int32 {
    let location = try Location(arguments)
    let isDryRun = arguments.has("dry-run")
    let target = try ServiceTarget(
      selection, configurationName: selection.name == nil ? configuredName(location) : nil, isDryRun: isDryRun)
    // The names of files and steps depend on nothing else than the name; a stop may take as long as the installed service says.
    let definition = ServiceDefinition(
      name: target.name, scope: target.scope, program: "pup", configuration: location.absoluteConfigurationPath ?? "pup.json",
      directory: location.directory, paths: location.paths, stopSeconds: 24 * 3600)
    let plan = ServicePlan.make(definition, for: target.manager, in: target.surroundings)
    if !isDryRun {
      if target.scope == .system, geteuid() != 0 {
        Terminal.complain(
          "pup: only root can remove a service of the machine. Run this command with sudo, or let root run what follows:")
        Terminal.print(ManualSteps.removal(plan))
        return InstanceError.Kind.permission.rawValue
      }
      _ = try ServiceRemoval(plan).paths()
      try target.prepare()
      let result = try ServiceRemoval(plan).remove()
      for line in result.lines { Terminal.complain("pup: \(line)") }
      if !arguments.has("json") { Terminal.print("\(plan.unit) is stopped and removed\n") }
    } else if !arguments.has("json") {
      Terminal.print(ManualSteps.removal(plan))
    }
    if arguments.has("json") {
      Terminal.print(ServiceSummary.json(plan, steps: plan.disable, isDryRun: isDryRun, done: "disabled"))
    }
    return 0
  }

  /// A configuration that cannot be read any more must not keep its service from being removed.
  private static func configuredName(_ location: Location) -> String? {
    guard location.configurationPath != nil, let loaded = try? LoadedConfiguration.borrowingRights(location) else { return nil }
    return loaded.report.configuration?.name
  }
}
