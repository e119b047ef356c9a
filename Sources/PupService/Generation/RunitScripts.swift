/// A service folder of runit: `run`, `finish`, and a log service.
enum RunitScripts {
  static func plan(_ definition: ServiceDefinition, _ surroundings: ServiceSurroundings) -> ServicePlan {
    let name = definition.name.text
    let folder = "/etc/sv/\(name)"
    let link = "\(surroundings.runitServices)/\(name)"
    return ServicePlan(
      manager: .runit, scope: .system, unit: name,
      files: [
        ServiceFile("\(folder)/run", run(definition), isExecutable: true),
        ServiceFile("\(folder)/finish", finish(definition), isExecutable: true),
        ServiceFile("\(folder)/log/run", log(definition), isExecutable: true),
      ],
      links: [ServicePlan.Link(path: link, target: folder)], folder: folder,
      // runsvdir looks for new links every 5 s.
      enable: [], check: ServiceStep(["sv", "-w", "15", "start", link], seconds: 20),
      diagnose: [ServiceStep(["sv", "status", link])],
      disable: [
        ServiceStep(
          ["sv", "-w", "\(definition.stopTimeout)", "stop", link], seconds: definition.stopTimeout + 60, isRequired: false),
        ServiceStep(["sv", "-w", "10", "exit", link], isRequired: false),
      ],
      hints: [
        "look: sv status \(link)", "logs: \(ShellText.line(["pup", "logs", "--config", definition.configuration, "--follow"]))",
        "stop: sv stop \(link)",
      ])
  }

  static func run(_ definition: ServiceDefinition) -> String {
    let user = definition.runAs.map { ["chpst", "-u", $0] } ?? []
    return """
      #!/bin/sh
      \(ServiceFile.header(definition, hint: "Stopping may take \(definition.stopTimeout) s: sv -w \(definition.stopTimeout) stop NAME"))
      exec 2>&1
      \(ShellText.exports(definition.variables(for: .runit)))\
      cd \(ShellText.quote(definition.directory)) || exit 1
      exec \(ShellText.line(user + definition.runWords))

      """
  }

  static func finish(_ definition: ServiceDefinition) -> String {
    """
    #!/bin/sh
    \(ServiceFile.header(definition, hint: "$1 is the exit code of run, -1 where a signal ended it."))
    \(ShellText.exports(definition.variables(for: .runit)))
    case "$1" in
      # A configuration that cannot be used does not get better by trying.
      64 | 65) printf d >supervise/control ;;
    esac
    # What is left where Pup itself was killed before the stop. Without the wish to stop, the next run takes the programs over.
    case "$(cat supervise/stat)" in
      *"want down"* | *"want exit"*) exec \(ShellText.line(definition.sweepWords)) ;;
    esac

    """
  }

  static func log(_ definition: ServiceDefinition) -> String {
    let folder = "/var/log/\(definition.name.text)"
    return """
      #!/bin/sh
      \(ServiceFile.header(definition, hint: "What Pup writes to its console; the logs proper are in the data folder."))
      mkdir -p \(folder)
      exec svlogd -tt \(folder)

      """
  }
}
