import PupConfig
import PupCore
import Testing

@Suite struct AdHocConfigurationTests {
  private func adHoc(
    _ program: AdHocOptions.Program, machine: StubEnvironment = StubEnvironment(),
    _ change: (inout AdHocOptions) -> Void = { _ in }
  ) -> AdHocConfiguration {
    var options = AdHocOptions(program)
    options.autostart = true
    change(&options)
    return PupConfiguration.adHoc(options, directory: "/srv", environment: machine)
  }

  @Test func aCommandIsATask() throws {
    let configuration = try #require(adHoc(.command("foo | foo")).report.configuration)
    #expect(configuration.processes.map(\.id.text) == ["task"])
    #expect(configuration.processes[0].program == .command("foo | foo") && configuration.processes[0].autostart)
  }

  @Test func everyFlagArrives() throws {
    let report = adHoc(.worker(["/srv/tool", "x\ny"])) {
      $0.id = "job"
      $0.autostart = false
      $0.watch = ["app"]
      $0.cron = "@daily"
      $0.terminate = "0 5 * * *"
      $0.cwd = "app"
      $0.env = ["A=1", "B=x=y", "A=2"]
      $0.instances = 2
      $0.startPort = 3000
      $0.strategy = "round-robin"
      $0.stdout = "out"
      $0.stderr = "err"
    }.report
    let process = try #require(report.configuration?.processes.last, "\(report.rendered())")
    #expect(process.id.text == "job-2" && process.program == .worker(["/srv/tool", "x\ny"]) && !process.autostart)
    #expect(process.watch == ["/srv/app"] && process.cron?.pattern == "@daily" && process.terminate?.pattern == "0 5 * * *")
    #expect(process.workingDirectory == "/srv/app" && process.environment == ["A": "2", "B": "x=y"])
    #expect(process.log.stdout == "/srv/out" && process.log.stderr == "/srv/err")
  }

  @Test(arguments: [
    ["foo"],
    ["foo", "a b", "", "it's", "$HOME", "*", "a\nb", "\\", "\"", ";", "|", "&&", "#x", "~", "-n", "A=1", "日本", "'", "''"],
    ["/usr/bin/foo", "!"], ["foo", "\u{7F}\u{1}\t"],
  ])
  func argumentsArriveExactly(_ words: [String]) throws {
    let machine = StubEnvironment()
    let process = try #require(adHoc(.arguments(words)).report.configuration?.processes.first)
    let plan = try CommandPlan.make(for: process, environment: machine)
    #expect(plan.form == .direct && plan.arguments == words)
  }

  /// `pup run -- echo …` means the program, not the shell's builtin.
  @Test func aBuiltinsNameMeansTheProgram() throws {
    let process = try #require(adHoc(.arguments(["echo", "-e", "x"])).report.configuration?.processes.first)
    let plan = try CommandPlan.make(for: process, environment: StubEnvironment())
    #expect(plan.form == .direct && plan.executable == "/bin/echo" && plan.arguments == ["/bin/echo", "-e", "x"])
  }

  @Test func problemsNameTheFlag() {
    let report = adHoc(.command("foo")) {
      $0.cron = "61 * * * *"
      $0.cwd = "nowhere"
      $0.env = ["novalue"]
      $0.id = "all"
      $0.stdout = "/no/x"
      $0.instances = 70_000
    }.report
    let lines = report.rendered().split(separator: "\n").map(String.init)
    #expect(report.configuration == nil)
    #expect(Set(lines.map { $0.prefix { $0 != ":" } }) == ["--cron", "--cwd", "--env", "--id", "--stdout", "--instances"])
    #expect(lines.contains("--env: error: `novalue` has no `=`; write NAME=value"))
  }

  @Test func nothingThatStartsIsAWarning() {
    let report = adHoc(.command("foo")) { $0.autostart = false }.report
    #expect(report.rendered() == "pup run: warning: nothing starts the process by itself; add --autostart, --watch or --cron\n")
  }

  @Test func noArgumentsAreAnError() {
    #expect(adHoc(.arguments([])).report.configuration == nil)
    #expect(adHoc(.worker([])).report.configuration == nil)
    #expect(adHoc(.arguments(["foo", "a\0b"])).report.configuration == nil)
  }

  /// The text is stored and loaded again by the next supervisor.
  @Test func theTextSaysItAll() throws {
    let first = adHoc(.arguments(["foo", "a b"])) { $0.env = ["A=\"\\"] }
    let again = PupConfiguration.load(
      bytes: first.text, path: "x", directory: "/srv", environment: StubEnvironment(), checkingFiles: false)
    #expect(again.configuration == first.report.configuration)
  }
}
