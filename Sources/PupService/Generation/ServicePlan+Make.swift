extension ServicePlan {
  package static func make(
    _ definition: ServiceDefinition, for manager: ServiceManagerKind, in surroundings: ServiceSurroundings
  ) -> ServicePlan {
    var plan =
      switch manager {
      case .systemd: SystemdUnit.plan(definition, surroundings)
      case .openrc: OpenRCScript.plan(definition)
      case .runit: RunitScripts.plan(definition, surroundings)
      case .upstart: UpstartJob.plan(definition)
      case .sysvinit: SysVInitScript.plan(definition, surroundings)
      }
    // systemd shows a unit's variables to everyone, and complains about a file with stricter permissions.
    let isPrivate = definition.hasOwnVariables && manager != .systemd
    for index in plan.files.indices { plan.files[index].isPrivate = isPrivate }
    return plan
  }
}
