/// A systemd unit, for the machine or for one user.
enum SystemdUnit {
  static func plan(_ definition: ServiceDefinition, _ surroundings: ServiceSurroundings) -> ServicePlan {
    let unit = definition.name.text + ".service"
    let isUser = definition.scope == .user
    let folder = isUser ? surroundings.userUnits : "/etc/systemd/system"
    let systemctl = ["systemctl"] + (isUser ? ["--user"] : [])
    let stopping = definition.stopTimeout + 60
    return ServicePlan(
      manager: .systemd, scope: definition.scope, unit: unit,
      files: [ServiceFile("\(folder)/\(unit)", text(definition))],
      foreignPlaces: foreignFolders(isUser: isUser).map { "\($0)/\(unit)" },
      enable: [
        ServiceStep(systemctl + ["enable", "--quiet", "--no-reload", unit]), ServiceStep(systemctl + ["daemon-reload"]),
        ServiceStep(systemctl + ["start", unit], seconds: 60),
      ],
      check: ServiceStep(systemctl + ["is-active", "--quiet", unit]),
      diagnose: [ServiceStep(systemctl + ["status", "--no-pager", "--full", "--lines=20", unit])],
      disable: [
        ServiceStep(systemctl + ["stop", unit], seconds: stopping, isRequired: false),
        ServiceStep(systemctl + ["disable", "--quiet", "--no-reload", unit], isRequired: false),
      ],
      forget: [
        ServiceStep(systemctl + ["daemon-reload"]),
        // systemd remembers a failed unit until it is reset.
        ServiceStep(systemctl + ["reset-failed", unit], isRequired: false),
      ],
      hints: [
        "look: \(ShellText.line(systemctl + ["status", unit]))",
        "logs: \(ShellText.line(["pup", "logs", "--config", definition.configuration, "--follow"]))",
        "stop: \(ShellText.line(systemctl + ["stop", unit]))",
      ])
  }

  /// docs/service.md explains the reason for each setting.
  static func text(_ definition: ServiceDefinition) -> String {
    let unit = definition.name.text + ".service"
    let isUser = definition.scope == .user
    let systemctl = isUser ? "systemctl --user" : "systemctl"
    let sweep = definition.sweepWords + ["--service", unit] + (isUser ? ["--user"] : [])
    let variables = definition.variables(for: .systemd).map { "Environment=\(SystemdText.assignment($0))\n" }.joined()
    return ServiceFile.header(definition, hint: "Own settings: \(systemctl) edit \(unit)") + """

      [Unit]
      Description=Pup: \(SystemdText.line(definition.configuration) ?? definition.name.text)
      \(isUser ? "" : "After=network.target\n")\
      StartLimitIntervalSec=0

      [Service]
      Type=notify
      NotifyAccess=main
      \(definition.runAs.map { "User=\($0)\n" } ?? "")\
      \(SystemdText.line(definition.directory).map { "WorkingDirectory=\($0)\n" } ?? "")\
      \(variables)\
      ExecStart=\(SystemdText.command(definition.runWords))
      ExecStopPost=\(SystemdText.command(sweep))
      Restart=always
      RestartSec=500ms
      RestartPreventExitStatus=64 65 69 76 77
      TimeoutStartSec=infinity
      TimeoutStopSec=\(definition.stopTimeout)
      WatchdogSec=30
      KillMode=process
      OOMPolicy=continue
      Delegate=yes
      LimitNOFILE=1024:524288
      TasksMax=infinity

      [Install]
      WantedBy=\(isUser ? "default.target" : "multi-user.target")

      """
  }

  /// Where packages and administrators put their units. Our file would hide one of these or be hidden by it.
  private static func foreignFolders(isUser: Bool) -> [String] {
    isUser
      ? ["/etc/systemd/user", "/usr/local/lib/systemd/user", "/usr/lib/systemd/user", "/lib/systemd/user"]
      : ["/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"]
  }
}
