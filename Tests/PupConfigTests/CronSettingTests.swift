import PupConfig
import PupCore
import Testing

@Suite struct CronSettingTests {
  @Test func aBadPatternIsToldAtItsCharacter() throws {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', cron: '0 4 * * 99'")
    let problem = try #require(report.diagnostics.first)
    // The pattern begins at column 45; "99" is character 8 of it, counted from 0.
    #expect(problem.column == 53, "\(report.rendered())")
    #expect(problem.keyPath == "processes[0].cron" && problem.what.hasPrefix("`cron`: "))
  }

  @Test func escapesBeforeThePlaceAreCounted() throws {
    let report = StubEnvironment().process(#"id: 'a', cmd: 'foo', cron: '0\x204\x20* * 99'"#)
    #expect(report.diagnostics.map(\.column) == [59], "\(report.rendered())")
  }

  @Test func anUnknownZoneIsToldAtItsKey() {
    let report = StubEnvironment().process("id: 'a', cmd: 'foo', cron: '0 4 * * *', cronTimezone: 'Mars/Olympus'")
    #expect(report.diagnostics.map(\.keyPath) == ["processes[0].cronTimezone"])
    #expect(report.diagnostics.first?.what == "this machine does not know the time zone `Mars/Olympus` from `cronTimezone`")
    for (written, meant) in [
      ("America/NewYork", "America/New_York"), ("Europe/Stokholm", "Europe/Stockholm"), ("stockholm", "Europe/Stockholm"),
      ("America/New York", "America/New_York"), ("asia/tokyo", "Asia/Tokyo"),
    ] {
      let report = StubEnvironment().process("id: 'a', cmd: 'foo', cron: '0 4 * * *', cronTimezone: '\(written)'")
      #expect(report.diagnostics.map(\.fix) == ["did you mean `\(meant)`?"])
    }
  }

  @Test func damagedZoneDataIsTold() {
    var machine = StubEnvironment()
    machine.zones["Europe/Nowhere"] = [1, 2, 3]
    let report = machine.process("id: 'a', cmd: 'foo', cron: '@daily', cronTimezone: 'Europe/Nowhere'")
    #expect(report.diagnostics.map(\.what) == ["the time zone `Europe/Nowhere` from `cronTimezone` cannot be used"])
  }

  @Test(arguments: [("Mars/Olympus", 1), ("", 0), ("UTC", 0), (":UTC0", 0), (":/etc/localtime", 0)])
  func theMachinesZoneMayComeFromTZ(_ variable: String, _ errors: Int) {
    var machine = StubEnvironment()
    machine.variables["TZ"] = variable
    #expect(machine.process("id: 'a', cmd: 'foo', cron: '@daily'").errorCount == errors)
    // Without a schedule, no zone is needed.
    #expect(machine.process("id: 'a', cmd: 'foo'").errorCount == 0)
  }

  @Test func withoutAZoneOfItsOwnAMachineKeepsUTC() throws {
    let configuration = try #require(StubEnvironment().process("id: 'a', cmd: 'foo', cron: '@daily'").configuration)
    #expect(configuration.processes[0].cron?.schedule.zone == .utc)
  }

  @Test func realZonesAreFound() throws {
    let machine = SystemConfigurationEnvironment(variables: [:])
    try #require(machine.zoneData(named: "Europe/Berlin") != nil, "needs the package tzdata")
    #expect(machine.zoneData(named: "../../../etc/passwd") == nil)
    #expect(machine.zoneData(named: "/etc/passwd") == nil)
    #expect(machine.zoneData(named: "/usr/share/zoneinfo/Europe/Berlin") != nil)
  }
}
