internal import Glibc
internal import PupConfig
internal import PupCore
internal import PupInstance

enum CheckCommand {
  static let specification = CommandSpecification(
    name: "check", summary: "Check a configuration and say how each process would be run.", usage: "[--config FILE] [--json]",
    description: "Nothing is started or changed. Exit codes: 0 it can be used, 65 it cannot.",
    options: Array(Location.options.prefix(2)) + [OptionSpecification("json", help: "print the problems as JSON")],
    examples: [
      ("pup check", "check pup.json in this folder"),
      ("pup check --config deploy/pup.json --json", "for an editor or a pipeline"),
    ],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional("name a configuration with --config FILE")
      do throws(InstanceError) {
        let location = try Location(arguments)
        let loaded = try LoadedConfiguration.borrowingRights(location)
        if arguments.has("json") {
          Terminal.print(loaded.report.json() + "\n")
        } else {
          Terminal.complain(loaded.report)
          if let configuration = loaded.report.configuration { Terminal.print(describe(configuration, location)) }
        }
        return loaded.report.configuration == nil ? InstanceError.Kind.configuration.rawValue : 0
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })

  private static func describe(_ configuration: PupConfiguration, _ location: Location) -> String {
    let environment = SystemConfigurationEnvironment(variables: ProcessEnvironment.current)
    var text = "\(location.configurationPath ?? ""): good, \(amount(configuration))\n"
    let width = configuration.processes.map { $0.id.text.count }.max() ?? 0
    for process in configuration.processes {
      let how: String
      do throws(CommandPlanError) {
        how = try CommandPlan.make(for: process, environment: environment).explanation
      } catch {
        how = error.message
      }
      text += "  \(process.id.text.padded(to: width))  \(how)\n"
    }
    return text
  }

  /// "9 processes (11 with the members of clusters)": as many as the file has, and as will be supervised.
  static func amount(_ configuration: PupConfiguration) -> String {
    let all = configuration.processes.count
    let count = configuration.processes.count { $0.cluster == nil } + configuration.clusters.count
    let members = configuration.clusters.isEmpty ? "" : " (\(all) with the members of clusters)"
    return "\(count) process\(count == 1 ? "" : "es")\(members)"
  }
}
