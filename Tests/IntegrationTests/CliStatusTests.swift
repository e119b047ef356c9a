internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// `pup status`: for people, for programs, and as it changes.
  @Suite struct CliStatusTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'job', cmd: 'true', cron: '0 0 1 1 *', cronTimezone: 'UTC' },
        { id: 'broken', cmd: '\(Machine.child) --exit 3' },
        { id: 'pool', autostart: true, cmd: '\(Machine.child) --hold', cluster: { instances: 2 } },
      ] }
      """

    private func test(_ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for id in ["web", "pool-1", "pool-2"] { try pup.reach(id, "running") }
        try body(pup)
        if pup.process?.ending == nil { try pup.stop() }
      }
    }

    @Test(.timeLimit(.minutes(5))) func columns() throws {
      try test { pup in
        let table = try pup.cli("status")
        #expect(!table.contains("\u{1B}") && !table.contains("\t"))
        #expect(
          pup.row("PROCESS", of: table).prefix(9) == [
            "PROCESS", "STATE", "PID", "UPTIME", "RESTARTS", "CPU", "MEMORY", "NEXT", "BLOCKED",
          ])
        let web = pup.row("web", of: table)
        let pid = try pup.pid("web")
        #expect(web.count > 8 && web[1] == "running" && web[2] == "\(pid)" && web[4] == "0" && web[8] == "-")
        #expect(web[6].hasSuffix("K") || web[6].hasSuffix("M"), "\(web)")
        #expect(pup.row("job", of: table)[7].hasSuffix("-01-01T00:00:00.000Z"))
        #expect(pup.row("pool", of: table)[1] == "running" && pup.row("pool-2", of: table)[1] == "running")
        // A cluster stands before its members.
        let names = table.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(names == ["PROCESS", "web", "job", "broken", "pool", "pool-1", "pool-2"])
      }
    }

    @Test(.timeLimit(.minutes(5))) func filtersAndErrors() throws {
      try test { pup in
        #expect(try pup.cli("status", "POOL").split(separator: "\n").count == 4)
        #expect(try pup.cli("status", "*o*", "web").split(separator: "\n").count == 7)
        #expect(try pup.cli("status", "[w]eb").split(separator: "\n").count == 2)
        let wrong = try pup.command(["status", "wbe"])
        #expect(wrong.code == 66 && wrong.error.contains("did you mean 'web'") && wrong.output.isEmpty)
        #expect(try pup.command(["status", "x*"]).code == 66)
        #expect(try pup.command(["status", "--nonsense"]).code == 64)
        // From elsewhere.
        #expect(try pup.command(["status", "--config", pup.path("pup.json"), "web"], directory: "/").code == 0)
        #expect(try pup.command(["status", "--cwd", pup.folder, "web"], directory: "/").code == 0)
      }
    }

    @Test(.timeLimit(.minutes(5))) func json() throws {
      try test { pup in
        let list = try pup.json("status", "--json").arrayValue ?? []
        #expect(list.count == 6)
        let web = try #require(list.first { $0["id"] == "web" })
        let pid = Int64(try pup.pid("web"))
        #expect(web["status"] == 200 && web["pid"]?.integerValue == pid && web["blocked"] == false)
        #expect(list.first { $0["id"] == "pool" }?["members"]?.arrayValue == ["pool-1", "pool-2"])
      }
    }

    @Test(.timeLimit(.minutes(5))) func nothingRuns() throws {
      try Pup.test(Self.configuration) { pup in
        let ids = [
          ["status"], ["start", "web"], ["terminate"], ["monitor"], ["why", "web"], ["upgrade"], ["history"],
        ]
        for words in ids {
          let result = try pup.command(words)
          #expect(result.code == 69, "\(words)")
          #expect(result.error.contains("nothing runs here") && result.error.contains("pup run"), "\(result.error)")
          #expect(result.output.isEmpty)
        }
        #expect(!Files.exists(pup.path(".pup")), "asking leaves nothing behind")
      }
    }

    @Test(.timeLimit(.minutes(5))) func nothingCouldRun() throws {
      try Pup.test { pup in
        let empty = try pup.command(["status"])
        #expect(empty.code == 69 && empty.error.contains("no pup.json") && empty.error.contains("--config"), "\(empty.error)")
        let missing = try pup.command(["status", "-c", "nowhere.json"])
        #expect(missing.code == 69 && missing.error.contains("nowhere.json: No such file"), "\(missing.error)")
        for words in [["token", "list"], ["token", "--consumer", "x"], ["token", "list", "-c", "nowhere.json"]] {
          #expect(try pup.command(words).code == 66, "\(words)")
        }
        #expect(!Files.exists(pup.path(".pup")))
      }
    }

    @Test(.timeLimit(.minutes(5))) func programsWithoutPupAreSaid() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for id in ["web", "pool-1", "pool-2"] { try pup.reach(id, "running") }
        try pup.killKeeperAndBrain()
        let result = try pup.command(["status"])
        #expect(result.code == 69 && result.error.contains("programs of 3 processes still run"), "\(result.error)")
        #expect(result.error.contains("pup run takes them over") && result.error.contains("pup sweep stops them"))
        #expect(try pup.cli("sweep").contains("web: stopped"))
        #expect(try pup.command(["status"]).error.contains("nothing runs here"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatCannotBeWrittenIsNoSuccess() throws {
      try test { pup in
        let shell = try pup.background(
          program: ["sh", "-c", "\(Machine.binaries)/pup status >/dev/full 2>error; echo $? >code"])
        #expect(shell.wait(seconds: 10) == .exited(0))
        #expect(Files.lines(pup.path("code")) == ["74"])
        #expect(Files.text(pup.path("error"))?.contains("No space left") == true)
      }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "only root can be another user"))
    func anotherUsersPupIsSaidToBe() throws {
      try test { pup in
        chmod(pup.folder, 0o755)
        for words in [["status"], ["stop", "web"], ["token", "--consumer", "x"], ["history"], ["upgrade"], ["sweep"]] {
          let result = try pup.command(words, prefix: ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"])
          #expect(result.code == 77 && result.error.contains("another user"), "\(words): \(result.code) \(result.error)")
        }
      }
    }

    // MARK: Terminals

    @Test(.timeLimit(.minutes(5))) func coloursAndWidthAreForPeople() throws {
      try test { pup in
        pup.environment["TERM"] = "xterm"
        let terminal = try Terminal()
        let child = try pup.background(["status"], terminal: terminal.path)
        try terminal.wait(for: "\u{1B}[32mrunning\u{1B}[0m")
        try terminal.wait(for: "5 processes: 3 running, 2 created")
        #expect(child.wait(seconds: 5) == .exited(0))
        pup.environment["NO_COLOR"] = "1"
        let plain = try Terminal()
        let second = try pup.background(["status"], terminal: plain.path)
        try plain.wait(for: "5 processes")
        #expect(second.wait(seconds: 5) == .exited(0))
        #expect(!plain.text.contains("\u{1B}[3"))
        // Without a size the terminal has 80 columns.
        #expect(plain.text.split(separator: "\r\n").allSatisfy { $0.count <= 80 })
      }
    }

    @Test(.timeLimit(.minutes(5))) func watchFollowsOnAScreenOfItsOwn() throws {
      try test { pup in
        pup.environment["TERM"] = "xterm"
        let terminal = try Terminal()
        let child = try pup.background(["status", "--watch"], terminal: terminal.path)
        try terminal.wait(for: "\u{1B}[?1049h")
        try terminal.wait(for: "3 running")
        try pup.cli("stop", "web")
        try terminal.wait(for: "2 running, 1 finished")
        terminal.type("\u{3}")
        try terminal.wait(for: "\u{1B}[?1049l")
        #expect(child.wait(seconds: 5) == .exited(130))
      }
    }

    /// Keys scroll, sort and end it; whatever ends or suspends it, the terminal is as it was.
    @Test(.timeLimit(.minutes(5))) func watchTakesKeysAndLeavesTheTerminalAsItWas() throws {
      try test { pup in
        pup.environment["TERM"] = "xterm"
        func watch(_ body: (Terminal, Child) throws -> Void) throws {
          let terminal = try Terminal(lines: 9)
          let before = terminal.flags
          let child = try pup.background(["status", "--watch"], terminal: terminal.path)
          try terminal.wait(for: "1 to ")
          try terminal.wait(for: "q quit")
          #expect(terminal.flags != before, "keys are read one by one")
          try body(terminal, child)
          try terminal.wait(for: "\u{1B}[?25h\u{1B}[?1049l")
          #expect(terminal.flags == before)
        }
        try watch { terminal, child in
          terminal.type("j")
          try terminal.wait(for: "2 to ")
          terminal.type("\u{1B}[6~")
          try terminal.wait(for: " of 6")
          terminal.type("n")
          try terminal.wait(for: "of 5")
          terminal.type("q")
          #expect(child.wait(seconds: 5) == .exited(0))
        }
        try watch { terminal, child in
          terminal.type("\u{1A}")
          try terminal.wait(for: "\u{1B}[?25h\u{1B}[?1049l")
          #expect(terminal.isCanonical, "the shell has its terminal")
          // A SIGCONT that comes before the SIGSTOP would be lost.
          try #require(child.isStopped(seconds: 10))
          child.signal(SIGCONT)
          terminal.forget()
          try terminal.wait(for: "\u{1B}[?1049h")
          try terminal.wait(for: "q quit")
          terminal.forget()
          terminal.type("\u{1C}")
          #expect(child.wait(seconds: 5) == .exited(131))
        }
        try watch { _, child in
          child.signal(SIGTERM)
          #expect(child.wait(seconds: 5) == .exited(143))
        }
      }
    }

    /// Keeper and supervisor killed: whoever follows is told what lives, and how to get it back.
    @Test(.timeLimit(.minutes(5)), arguments: [["monitor"], ["status", "--watch"]])
    func theEndIsNotClaimedWhileProgramsLive(words: [String]) throws {
      try Pup.test("{ processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run()
        let child = try pup.background(words, output: "followed")
        try pup.untilSeen("followed", "web") { try pup.cli("restart", "web") }
        try pup.killKeeperAndBrain()
        #expect(child.wait(seconds: 10) == .exited(69))
        let complaint = Files.text(pup.path("followed.err")) ?? ""
        #expect(complaint.contains("Pup is gone, but 1 program still runs (web)"), "\(complaint)")
        try pup.run()
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func watchEndsWhenNobodyReads() throws {
      try test { pup in
        let pipeline = "\(Machine.binaries)/pup status --watch --json | head -n 1 > first; echo ${PIPESTATUS[0]} > code"
        let shell = try pup.background(program: ["bash", "-c", pipeline])
        try pup.waitForFile("first")
        try pup.cli("stop", "web")
        try pup.waitForFile("code")
        #expect(shell.wait(seconds: 5) == .exited(0))
        #expect(Files.lines(pup.path("code")) == ["0"])
        #expect(try JSONValue(parsing: Files.bytes(pup.path("first")) ?? []).arrayValue?.count == 6)
      }
    }
  }
}
