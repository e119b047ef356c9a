extension ServicePlan {
  package static func make(
    _ definition: ServiceDefinition, for manager: ServiceManagerKind, in surroundings: ServiceSurroundings
  ) -> ServicePlan {
    switch manager {
    case .systemd: SystemdUnit.plan(definition, surroundings)
    case .openrc: OpenRCScript.plan(definition)
    case .runit: RunitScripts.plan(definition, surroundings)
    case .upstart: UpstartJob.plan(definition)
    case .sysvinit: SysVInitScript.plan(definition, surroundings)
    }
  }
}
