import PupConfig
import PupCore
import Testing

@Suite struct ChildEnvironmentTests {
  private let instance = PupConfiguration.Instance(temporaryStorage: "/t", dataStorage: "/d")

  private func environment(_ change: (inout ProcessConfiguration) -> Void, base: [String: String]) -> [String: String] {
    var process = ProcessConfiguration(id: ProcessID("Web-2"), program: .command("foo"), workingDirectory: "/srv")
    change(&process)
    return PupConfiguration.environment(for: process, base: base, instance: instance)
  }

  @Test func pupTellsItsOwn() {
    #expect(
      environment({ _ in }, base: ["A": "1"]) == [
        "A": "1", "PUP_PROCESS_ID": "Web-2", "PUP_TEMP_STORAGE": "/t", "PUP_DATA_STORAGE": "/d",
      ])
  }

  @Test(arguments: [
    "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "JOURNAL_STREAM",
    "INVOCATION_ID",
    "MAINPID", "PUP_PROCESS_ID", "PUP_API_TOKEN", "PUP_CLUSTER_INSTANCE", "PUP_SOMETHING",
  ])
  func whatWasMeantForPupIsNotInherited(_ name: String) {
    let result = environment({ _ in }, base: [name: "outer"])
    #expect(result[name] != "outer")
    #expect(environment({ $0.environment[name] = "own" }, base: [name: "outer"])[name] != "outer")
  }

  @Test func pythonShowsWhatItPrints() {
    func value(_ program: ProcessProgram, _ own: [String: String] = [:], base: [String: String] = [:]) -> String? {
      environment(
        {
          $0.program = program
          $0.environment = own
        }, base: base)["PYTHONUNBUFFERED"]
    }
    #expect(value(.worker(["src/x.PY", "a"])) == "1")
    #expect(
      value(.worker(["x.py"]), ["PYTHONUNBUFFERED": ""]) == "" && value(.worker(["x.py"]), base: ["PYTHONUNBUFFERED": "0"]) == "0"
    )
    #expect(value(.worker(["x.rb"])) == nil && value(.command("python3 x.py")) == nil)
  }

  @Test func theConfigurationWinsOverTheInherited() {
    let result = environment({ $0.environment = ["A": "2", "PUP_PROCESS_ID": "x"] }, base: ["A": "1"])
    #expect(result["A"] == "2" && result["PUP_PROCESS_ID"] == "Web-2")
  }

  @Test(
    arguments: [
      ("/bin", nil, "/opt", "/bin:/opt"), ("/bin", "/own", "/opt", "/own:/opt"), ("/bin", nil, nil, "/bin"),
      ("/bin", nil, "", "/bin"),
      (nil, nil, "/opt", ConfigurationDefaults.searchPath + ":/opt"), (nil, nil, nil, nil), ("", nil, "/opt", "/opt"),
    ] as [(String?, String?, String?, String?)])
  func pathIsAppended(_ inherited: String?, _ own: String?, _ more: String?, _ expected: String?) {
    let result = environment(
      {
        $0.environment["PATH"] = own
        $0.path = more
      }, base: inherited.map { ["PATH": $0] } ?? [:])
    #expect(result["PATH"] == expected)
  }

  @Test func membersKnowTheirPlace() {
    let result = environment({ $0.cluster = ClusterMembership(id: ProcessID("web"), instance: 1, port: 3001) }, base: [:])
    #expect(result["PUP_CLUSTER_INSTANCE"] == "1" && result["PUP_CLUSTER_PORT"] == "3001")
    let without = environment({ $0.cluster = ClusterMembership(id: ProcessID("web"), instance: 0) }, base: [:])
    #expect(without["PUP_CLUSTER_INSTANCE"] == "0" && without["PUP_CLUSTER_PORT"] == nil)
  }
}
