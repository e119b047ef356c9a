/// An OpenRC script that uses `supervise-daemon`.
enum OpenRCScript {
  static func plan(_ definition: ServiceDefinition) -> ServicePlan {
    let name = definition.name.text
    return ServicePlan(
      manager: .openrc, scope: .system, unit: name,
      files: [ServiceFile("/etc/init.d/\(name)", text(definition), isExecutable: true)],
      enable: [
        ServiceStep(["rc-update", "add", name, "default"]), ServiceStep(["rc-service", name, "start"], seconds: 60),
      ],
      check: ServiceStep(["rc-service", name, "status"]), diagnose: [ServiceStep(["rc-service", name, "status"])],
      disable: [
        ServiceStep(["rc-service", name, "stop"], seconds: definition.stopTimeout + 60, isRequired: false),
        ServiceStep(["rc-update", "delete", name, "default"], isRequired: false),
      ],
      hints: [
        "look: rc-service \(name) status",
        "logs: \(ShellText.line(["pup", "logs", "--config", definition.configuration, "--follow"]))",
        "stop: rc-service \(name) stop",
      ])
  }

  static func text(_ definition: ServiceDefinition) -> String {
    // OpenRC splits these variables into words before it passes them to `eval`: two spaces would become one, and `*` a list of
    // files. Therefore `eval` gets the name of a variable.
    let words = definition.runWords.indices.map { "\"$pup_word_\($0)\"" }
    let values = definition.runWords.enumerated().map { "pup_word_\($0.offset)=\(ShellText.quote($0.element))\n" }.joined()
    // Not exported, because this script and OpenRC's functions need their own PATH.
    let variables = definition.variables(for: .openrc)
    let settings = variables.indices.map { "--env \"$pup_variable_\($0)\"" }.joined(separator: " ")
    let assignments = variables.enumerated().map {
      "pup_variable_\($0.offset)=\(ShellText.quote("\($0.element.name)=\($0.element.value)"))\n"
    }.joined()
    let user = definition.runAs.map { "command_user=\(ShellText.quote($0))\n" } ?? ""
    return """
      #!/sbin/openrc-run
      \(ServiceFile.header(definition, hint: "Own settings: /etc/conf.d/\(definition.name.text)"))
      name="Pup (${RC_SVCNAME})"
      description="Programs under Pup"
      supervisor=supervise-daemon
      pidfile="/run/${RC_SVCNAME}.pid"
      respawn_delay=1
      respawn_max=0
      retry=TERM/\(definition.stopTimeout)/KILL/5
      \(user)\
      # These are expanded by eval.
      directory='"$pup_directory"'
      command='\(words[0])'
      command_args='\(words.dropFirst().joined(separator: " "))'
      pup_directory=\(ShellText.quote(definition.directory))
      \(values)\
      supervise_daemon_args='\(settings)'
      \(assignments)\

      depend() {
        use net logger
      }

      # Retrying does not fix an unusable configuration.
      start_pre() {
        \(ShellText.line(definition.checkWords)) >/dev/null
      }

      # Stops programs left behind if Pup itself was killed before the stop.
      stop_post() {
        \(ShellText.line(definition.sweepWords)) >/dev/null
      }

      """
  }
}
