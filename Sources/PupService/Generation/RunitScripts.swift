/// A runit service folder: `run`, `finish` and a log service.
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
      // runsvdir checks for new links every 5 s.
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
    \(ServiceFile.header(definition, hint: "$1 is the exit code of run, or -1 if a signal ended it."))
    \(ShellText.exports(definition.variables(for: .runit)))
    case "$1" in
      # Retrying fixes neither an unusable configuration nor what another version has left.
      64 | 65 | 76) printf d >supervise/control ;;
    esac
    # Stops programs left behind if Pup itself was killed before the stop. Without a stop request, the next run takes the programs over.
    case "$(cat supervise/stat)" in
      *"want down"* | *"want exit"*) exec \(ShellText.line(definition.sweepWords)) ;;
    esac

    """
  }

  static func log(_ definition: ServiceDefinition) -> String {
    let folder = "/var/log/\(definition.name.text)"
    return """
      #!/bin/sh
      \(ServiceFile.header(definition, hint: "Pup's console output; the programs' logs are in the data folder."))
      mkdir -p \(folder)
      exec svlogd -tt \(folder)

      """
  }
}
