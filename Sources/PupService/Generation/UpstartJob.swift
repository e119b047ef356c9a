/// An Upstart job.
enum UpstartJob {
  static func plan(_ definition: ServiceDefinition) -> ServicePlan {
    let name = definition.name.text
    return ServicePlan(
      manager: .upstart, scope: .system, unit: name, files: [ServiceFile("/etc/init/\(name).conf", text(definition))],
      enable: [
        ServiceStep(["initctl", "reload-configuration"]), ServiceStep(["initctl", "start", name], seconds: 60),
      ],
      check: ServiceStep(["sh", "-c", "initctl status \"$0\" | grep -q start/running", name]),
      diagnose: [ServiceStep(["initctl", "status", name]), ServiceStep(["tail", "-n", "20", "/var/log/upstart/\(name).log"])],
      disable: [ServiceStep(["initctl", "stop", name], seconds: definition.stopTimeout + 60, isRequired: false)],
      forget: [ServiceStep(["initctl", "reload-configuration"], isRequired: false)],
      hints: [
        "look: initctl status \(name)",
        "logs: \(ShellText.line(["pup", "logs", "--config", definition.configuration, "--follow"]))",
        "stop: initctl stop \(name)",
      ])
  }

  static func text(_ definition: ServiceDefinition) -> String {
    let name = definition.name.text
    let variables = ShellText.exports(definition.variables(for: .upstart))
    return """
      \(ServiceFile.header(definition, hint: "Own settings: /etc/init/\(name).override"))
      description "Programs under Pup (\(name))"

      start on runlevel [2345]
      stop on runlevel [!2345]
      respawn
      respawn limit unlimited
      # Retrying does not fix an unusable configuration.
      normal exit 64 65
      kill timeout \(definition.stopTimeout)
      limit nofile 1024 524288
      \(definition.runAs.map { "setuid \($0)\n" } ?? "")
      script
      \(variables)\
      cd \(ShellText.quote(definition.directory))
      exec \(ShellText.line(definition.runWords))
      end script

      # Stops programs left behind if Pup itself was killed before the stop. If the job is restarted, the new Pup takes the programs over.
      post-stop script
      \(variables)\
      case "$(initctl status \(ShellText.quote(name)))" in
        *" stop/"*) exec \(ShellText.line(definition.sweepWords)) ;;
      esac
      end script

      """
  }
}
