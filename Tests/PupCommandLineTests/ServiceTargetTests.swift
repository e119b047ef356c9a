internal import Glibc
internal import PupInstance
import PupService
import Testing

@testable import PupCommandLine

@Suite struct ServiceTargetTests {
  private func selection(_ words: String...) throws -> ServiceTarget.Selection {
    try ServiceTarget.Selection(try ParsedArguments(words, options: EnableServiceCommand.specification.options))
  }

  @Test func whoseServiceIsMeant() throws {
    #expect(try selection().scope == (geteuid() == 0 ? .system : .user))
    #expect(try selection("--system").scope == .system)
    #expect(try selection("--user").scope == .user)
    for words in [["--system", "--user", "ann"], ["--user", "ann"], ["ann", "--user"]] {
      let selected = try ServiceTarget.Selection(
        try ParsedArguments(words, options: EnableServiceCommand.specification.options))
      #expect(selected.scope == .system && selected.runAs == "ann", "\(words)")
    }
  }

  @Test func othersAreTold() throws {
    #expect(try selection("-n", "web", "--home", "/home/ann", "--manager", "OpenRC").manager == .openrc)
    #expect(try selection("-n", "web").name == "web")
    #expect(throws: UsageError.self) { try selection("--system", "--user") }
    #expect(throws: UsageError.self) { try selection("ann") }
    #expect(throws: UsageError.self) { try selection("--user", "ann", "bob") }
    #expect(throws: UsageError.self) { try selection("--home", "relative") }
    #expect(throws: UsageError.self) { try selection("--manager", "launchd") }
  }

  @Test func aDryRunNeedsNoServiceManager() throws {
    #expect(try ServiceTarget.manager(.runit, isDryRun: false) == .runit)
    #expect(try ServiceTarget.manager(nil, isDryRun: true) == .systemd)
    let error = #expect(throws: InstanceError.self) { try ServiceTarget.manager(nil, isDryRun: false) }
    #expect(error?.kind == .system && error?.message.contains(": in a container let 'pup run'") == true)
  }

  @Test func summary() throws {
    let definition = ServiceDefinition(
      name: try ServiceName("app"), scope: .system, program: "/usr/bin/pup", configuration: "/a \"b\"/pup.json",
      directory: "/a \"b\"",
      paths: try Location(try ParsedArguments([], options: Location.options)).paths, stopSeconds: 1)
    let plan = ServicePlan.make(definition, for: .runit, in: ServiceSurroundings())
    #expect(
      ServiceSummary.json(plan, steps: plan.disable, isDryRun: true, done: "disabled") == """
        {"service":"app","manager":"runit","scope":"system","files":["/etc/sv/app/run","/etc/sv/app/finish","/etc/sv/app/log/run",\
        "/etc/service/app"],"commands":["sv -w 21 stop /etc/service/app","sv -w 10 exit /etc/service/app"],"dryRun":true,\
        "disabled":false}

        """)
  }
}
