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
    for index in plan.files.indices { plan.files[index].isPrivate = definition.hasOwnVariables }
    return plan
  }
}
