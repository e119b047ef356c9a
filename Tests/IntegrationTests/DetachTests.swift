internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupSystem
internal import Testing

extension Integration {
  /// `pup run --detach`, and finding what lives.
  @Suite struct DetachTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [
        { id: 'one', autostart: true, cmd: '\(Machine.child) --append starts one --on-term 0 --hold' }, { id: 'two', cmd: 'sleep 1000' } ] }
      """

    @Test(.timeLimit(.minutes(5)))
    func itOutlivesItsTerminal() throws {
      try Pup.test(Self.configuration) { pup in
        let terminal = try Terminal()
        let command = try pup.background(["run", "--detach"], terminal: terminal.path)
        try terminal.wait(for: "pup terminate")
        #expect(terminal.text.contains("1 of 2 processes running"))
        #expect(command.wait(seconds: 10) == .exited(0))
        let (keeper, pid) = (
          try pup.keeperPid(), try #require(Int32(pup.row("one", of: try pup.cli("status")).dropFirst(2).first ?? ""))
        )
        #expect(ProcFiles.stat(of: keeper)?.session == keeper)
        terminal.hangUp()
        // Nothing of it hears of the end of the terminal: both are as they were, and answer.
        try pup.cli("restart", "two")
        #expect(Processes.isAlive(keeper) && Processes.isAlive(pid))
        #expect(Processes.target(ofLink: "/proc/\(keeper)/fd/0") == "/dev/null")
        #expect(Files.text("\(pup.data)/.main.console.log")?.contains("supervises 2 processes") == true)
        #expect(try pup.cli("terminate").contains("has ended"))
        #expect(!Processes.isAlive(pid))
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatKeepsItFromRunningIsSaid() throws {
      try Pup.test { pup in
        let nothing = try pup.command(["run", "--detach"])
        #expect(nothing.code == 65 && nothing.error.contains("no pup.json"), "\(nothing)")
        #expect(!Files.exists(pup.path(".pup")))
        try pup.configure("{ processes: [ { id: 'one', cmd: 'sleep 1000', colour: 1 } ] }")
        let wrong = try pup.command(["run", "--detach"])
        #expect(wrong.code == 65 && wrong.error.contains("unknown key `colour`"), "\(wrong)")
        try pup.configure(Self.configuration)
        try pup.run()
        let second = try pup.command(["run", "--detach"])
        #expect(second.code == 69 && second.error.contains("already running"), "\(second)")
        // Both the command and the one in the background warn.
        let third = try pup.command(["run", "--detach", "--name", "shop"])
        #expect(third.code == 69 && third.error.contains("already running"), "\(third)")
        #expect(third.error.split(separator: "\n").count { $0.contains("--name has no effect") } == 1, "\(third)")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func whatDiedWithAnEarlierPupIsNotCounted() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.cli("start", "two")
        let two = try #require(Int32(pup.row("two", of: try pup.cli("status")).dropFirst(2).first ?? ""))
        try pup.killKeeperAndBrain()
        Processes.kill(two)
        let next = try pup.cli("run", "--detach")
        #expect(next.contains("1 of 2 processes running"), "\(next)")
        try pup.cli("terminate")
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func commandsWithoutAFileAreFoundByWhatLives() throws {
      try Pup.test { pup in
        // Dead ones do not count.
        for name in ["old", "older"] {
          try pup.cli("run", "--detach", "-A", "--id", name, "--", "sleep", "1000")
          try pup.cli("terminate")
        }
        try pup.cli("run", "--detach", "-A", "--", "sleep", "1000")
        #expect(try pup.cli("status").contains("task"))
        // Neither does a configuration that nobody runs.
        try pup.configure(Self.configuration)
        #expect(try pup.cli("status").contains("task"))
        unlink(pup.path("pup.json"))
        try pup.cli("run", "--detach", "-A", "--id", "two", "-C", "sleep 1000; true")
        let both = try pup.command(["status"])
        #expect(both.code == 64, "\(both)")
        for id in ["task", "two"] {
          let data = "\(pup.folder)/.pup/\(id).adhoc-data"
          #expect(both.error.contains("--data-dir \(data)"))
          #expect(try pup.cli("status", "--data-dir", data).contains(id))
          try pup.cli("terminate", "--data-dir", data)
        }
        let none = try pup.command(["logs"])
        #expect(none.code == 69 && none.error.contains("--data-dir .pup/old.adhoc-data"), "\(none)")
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func aConfigurationBehindALinkThatIsSwungIsFound() throws {
      try Pup.test { pup in
        for release in ["1", "2"] {
          try Files.makeFolder(pup.path(release))
          try pup.configure(Self.configuration, name: "\(release)/pup.json")
        }
        try Files.link(pup.path("current"), to: "1")
        let first = try pup.command(["run", "--detach", "--config", pup.path("current/pup.json")])
        #expect(first.code == 0 && first.error.contains("current is a link"), "\(first)")
        try Files.link(pup.path("current"), to: "2")
        #expect(try pup.cli("status", "--config", pup.path("current/pup.json")).contains("one"))
        let second = try pup.command(["run", "--config", pup.path("current/pup.json")])
        #expect(second.code == 69 && second.error.contains("cwd: \"current\""), "\(second)")
        try pup.cli("terminate", "--config", pup.path("current/pup.json"))
        #expect(Files.lines(pup.path("1/starts")).count == 1 && !Files.exists(pup.path("2/starts")))
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func allThatLiveAreListed() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.cli("run", "--detach")
        try pup.cli("run", "--detach", "-A", "--", "sleep", "1000")
        // What has become of a folder does not matter.
        Files.remove("\(pup.folder)/.pup/task.adhoc-tmp")
        let all = try pup.json("list", "--json").arrayValue?.filter { $0["directory"]?.stringValue == pup.folder } ?? []
        #expect(all.count == 2)
        let (first, second) = (all.first, all.last)
        #expect(first?["configuration"]?.stringValue == pup.path("pup.json") && second?["configuration"] == nil)
        #expect(first?["pid"]?.integerValue == Int64(try pup.keeperPid()))
        #expect(first?["processes"]?.integerValue == 2 && first?["running"]?.integerValue == 1)
        #expect(first?["address"]?.stringValue?.hasPrefix("http://127.0.0.1:") == true)
        #expect(try pup.cli("list").contains(pup.path("pup.json")))
        for data in [pup.data, pup.path(".pup/task.adhoc-data")] { try pup.cli("terminate", "--data-dir", data) }
        #expect(try !pup.cli("list").contains(pup.folder))
      }
    }
  }
}
