internal import Glibc
internal import PupCore
internal import Testing

extension Integration {
  /// What a program finds when it is started.
  @Suite struct SurroundingsTests {
    /// Runs a program once, and answers what it printed.
    private func output(
      _ flags: String, _ keys: String = "", prefix: [String] = [], environment: [String: String] = [:],
      _ check: (Pup, [String]) throws -> Void
    ) throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, restart: 'error', \(keys) cmd: '\(Machine.child) \(flags)' } ] }"
      ) {
        pup in
        pup.environment.merge(environment) { $1 }
        try pup.run(prefix: prefix)
        try pup.reach("one", "finished")
        try pup.stop()
        try check(pup, pup.output(of: "one"))
      }
    }

    private func value(_ name: String, _ lines: [String]) -> String? {
      lines.first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
    }

    @Test(.timeLimit(.minutes(5))) func environment() throws {
      let inherited = [
        "GIVEN": "from outside", "OVER": "outside", "NOTIFY_SOCKET": "/nowhere", "LISTEN_FDS": "1", "LISTEN_PID": "1",
        "WATCHDOG_USEC": "1",
        "WATCHDOG_PID": "1",
      ]
      try output(
        "--print-env", "env: { OVER: 'inside', ADDED: 'a b=c', EMPTY: '' }, path: '/opt/one:/opt/two',", environment: inherited
      ) { pup, lines in
        for line in ["GIVEN=from outside", "OVER=inside", "ADDED=a b=c", "EMPTY=", "PUP_PROCESS_ID=one"] {
          #expect(lines.contains(line))
        }
        #expect(value("PATH=", lines)?.hasSuffix("/bin:/opt/one:/opt/two") == true)
        #expect(value("PUP_DATA_STORAGE=", lines) == pup.data)
        #expect(value("PUP_TEMP_STORAGE=", lines) == pup.temporary)
        // What the service manager told Pup is not meant for its programs.
        for name in ["NOTIFY_SOCKET=", "LISTEN_FDS=", "LISTEN_PID=", "WATCHDOG_USEC=", "WATCHDOG_PID="] {
          #expect(value(name, lines) == nil, "\(name)")
        }
        #expect(Set(lines).count == lines.count)
      }
    }

    /// Whatever Pup itself was started with: no strange descriptors, no ignored or blocked signals, the limit of open files as it
    /// was.
    @Test(.timeLimit(.minutes(5))) func descriptorsSignalsLimits() throws {
      let prefix = ["sh", "-c", "trap '' USR1 QUIT; exec 7</etc/passwd 9>&1; ulimit -Sn 777; umask 027; exec \"$@\"", "sh"]
      try output("--print-fds --print-limits --print-pid", prefix: prefix) { pup, lines in
        let descriptors = lines.filter { $0.hasPrefix("fd ") }
        #expect(descriptors.count == 3, "\(descriptors)")
        #expect(descriptors.first == "fd 0 /dev/null")
        #expect(descriptors.dropFirst().allSatisfy { $0.contains(" pipe:") })
        #expect(value("nofile ", lines)?.hasPrefix("777 ") == true)
        #expect(value("SigBlk ", lines) == "0000000000000000")
        // 32 and 33 belong to the C library, which lets nobody change them.
        let ignored = value("SigIgn ", lines).flatMap { UInt64($0, radix: 16) }
        #expect(ignored.map { $0 & ~0x1_8000_0000 } == 0, "\(String(describing: ignored))")
        #expect(value("oom_score_adj ", lines) == Files.lines("/proc/self/oom_score_adj").first)
        let pid = value("pid ", lines)
        #expect(value("sid ", lines) == pid && value("pgid ", lines) == pid)
        #expect(value("umask ", lines)?.hasSuffix("27") == true)
        #expect(value("cwd ", lines) == pup.folder)
      }
    }

    /// Some parents ignore it, and the kernel then keeps no exit status of a child.
    @Test(.timeLimit(.minutes(5))) func startedWithSIGCHLDIgnored() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, restart: 'error', restartLimit: 0, cmd: 'exit 7' } ] }") { pup in
        try pup.run(prefix: ["env", "--ignore-signal=CHLD"])
        try pup.reach("one", "exhausted")
        #expect(try pup.status("one").exit == "7")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func workingDirectory() throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, restart: 'error', cwd: 'deep/er', cmd: '\(Machine.child) --print-limits' } ] }"
      ) { pup in
        try Files.makeFolder(pup.path("deep"))
        try Files.makeFolder(pup.path("deep/er"))
        try pup.run()
        try pup.reach("one", "finished")
        try pup.stop()
        #expect(value("cwd ", pup.output(of: "one")) == pup.path("deep/er"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func cluster() throws {
      try Pup.test(
        """
        { processes: [ { id: 'web', autostart: true, restart: 'error', cluster: { instances: 3, startPort: 9000 },
          cmd: '\(Machine.child) --print-env' } ] }
        """
      ) { pup in
        try pup.run()
        try pup.reach("all", "finished")
        try pup.stop()
        for member in 0..<3 {
          let lines = pup.output(of: "web-\(member + 1)")
          #expect(lines.contains("PUP_PROCESS_ID=web-\(member + 1)"))
          #expect(lines.contains("PUP_CLUSTER_INSTANCE=\(member)"))
        }
      }
    }

    @Test(.timeLimit(.minutes(5))) func pidFile() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, restartDelayMs: 60000, pidFile: 'run/one.pid', cmd: '\(Machine.child) --hold' } ] }
        """
      ) { pup in
        try Files.makeFolder(pup.path("run"))
        try pup.run()
        try pup.reach("one", "running")
        let pid = try pup.pid("one")
        try Files.wait(pup.path("run"), for: "the pid") { Files.text(pup.path("run/one.pid")) == "\(pid)\n" }
        Processes.kill(pid)
        try pup.reach("one", "failed")
        try Files.wait(pup.path("run"), for: "its removal") { !Files.exists(pup.path("run/one.pid")) }
        #expect(try pup.tell("start", "one") == "accepted")
        try pup.reach("one", "running")
        let next = try pup.pid("one")
        try Files.wait(pup.path("run"), for: "the next pid") { Files.number(pup.path("run/one.pid")) == next }
        try pup.stop()
        #expect(!Files.exists(pup.path("run/one.pid")))
      }
    }

    /// What a program puts where its pid file is stops nobody, and what another has put there stays.
    @Test(.timeLimit(.minutes(5))) func aFifoAtThePidFile() throws {
      try Pup.test(
        """
        { processes: [
          { id: 'one', autostart: true, restart: 'error', pidFile: 'run/one.pid', cmd: '\(Machine.child) --hold' },
          { id: 'two', autostart: true, restart: 'error', pidFile: 'made/two.pid', cmd: '\(Machine.child) --hold' } ] }
        """
      ) { pup in
        try Files.makeFolder(pup.path("run"))
        mkfifo(pup.path("run/one.pid"), 0o600)
        mkfifo(pup.path("run/one.pid.new"), 0o600)
        try pup.run()
        try pup.reach("all", "running")
        #expect(try pup.wait(for: .pidfile, in: "one").contains("run/one.pid is no regular file"))
        #expect(Files.number(pup.path("made/two.pid")) == (try pup.pid("two")))
        // A program's own doing, while it runs.
        unlink(pup.path("made/two.pid"))
        mkfifo(pup.path("made/two.pid"), 0o600)
        let brain = pup.brain
        #expect(try pup.act("restart", "all", wait: 10).outcome == "done")
        #expect(try pup.act("stop", "all", wait: 10).outcome == "done")
        #expect(pup.brain == brain && Processes.isAlive(brain))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func worker() throws {
      try Pup.test(
        """
        { processes: [ { id: 'shell', autostart: true, restart: 'error', worker: ['scripts/a script.sh', 'a b', '$HOME', ''] },
          { id: 'python', autostart: true, restart: 'error', worker: ['scripts/b.py', 'x'] } ] }
        """
      ) { pup in
        try Files.makeFolder(pup.path("scripts"))
        try Files.write("for word; do echo \"[$word]\"; done\n", to: pup.path("scripts/a script.sh"))
        try Files.write("import sys\nprint(sys.argv[1:])\n", to: pup.path("scripts/b.py"))
        // An interpreter of our own, so that every machine has it.
        try Files.makeFolder(pup.path("bin"))
        try Files.write("#!/bin/sh\necho interpreter \"$@\"\n", to: pup.path("bin/python3"), mode: 0o755)
        pup.environment["PATH"] = "\(pup.path("bin")):/usr/bin:/bin"
        try pup.run()
        try pup.reach("all", "finished")
        try pup.stop()
        #expect(pup.output(of: "shell") == ["[a b]", "[$HOME]", "[]"])
        #expect(pup.output(of: "python").first?.hasPrefix("interpreter ") == true)
        #expect(pup.output(of: "python").first?.hasSuffix("scripts/b.py x") == true)
      }
    }

    struct Line: CustomTestStringConvertible, Sendable {
      var command: String
      var output: [String]
      var testDescription: String { command }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        Line(command: "echo one   two", output: ["one two"]),
        Line(command: #"printf '%s\\n' \"a  b\" 'c  d' e\\ f"#, output: ["a  b", "c  d", "e f"]),
        Line(command: "echo a b | tr a-z A-Z && echo done", output: ["A B", "done"]),
        Line(command: "echo $GREETING; echo ${GREETING%lo}", output: ["hello", "hel"]),
        Line(command: "GREETING=other sh -c 'echo $GREETING'", output: ["other"]),
        Line(command: "echo *.txt", output: ["a.txt b.txt"]), Line(command: "echo here > file; cat file", output: ["here"]),
        Line(command: "cat < a.txt", output: ["content"]), Line(command: "false || echo $?", output: ["1"]),
        Line(command: "cat", output: []), Line(command: "exec echo replaced", output: ["replaced"]),
      ])
    func commandLine(_ line: Line) throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, restart: 'error', restartLimit: 0, env: { GREETING: 'hello' }, cmd: \"\(line.command)\" } ] }"
      ) { pup in
        try Files.write("content\n", to: pup.path("a.txt"))
        try Files.write("", to: pup.path("b.txt"))
        try pup.run()
        try pup.reach("one", "finished")
        try pup.stop()
        #expect(pup.output(of: "one") == line.output)
      }
    }

    /// A simple command is itself the supervised program; no shell stands in between.
    @Test(.timeLimit(.minutes(5)), arguments: ["--hold", "--hold > /dev/null", "--hold --exit 3 2>&1"])
    func simpleCommandIsThePid(flags: String) throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: 'A=b \(Machine.child) --touch ready \(flags)' } ] }") {
        pup in
        try pup.run()
        // The shell that starts it counts as executing already; what the program does itself comes after its exec.
        try Files.wait(pup.folder, for: "the program itself") { Files.exists(pup.path("ready")) }
        try pup.reach("one", "running")
        let executable = Processes.target(ofLink: "/proc/\(try pup.pid("one"))/exe") ?? ""
        #expect(executable.hasSuffix("/testchild"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func whatCannotBeExecutedIsExplained() throws {
      try Pup.test(
        """
        { processes: [
          { id: 'gone', autostart: true, restartLimit: 1, restartDelayMs: 0, cmd: './gone' },
          { id: 'folderless', autostart: true, restart: 'error', cwd: 'sub', cmd: './prog' },
          { id: 'text', autostart: true, restartLimit: 0, cmd: './text' } ] }
        """
      ) { pup in
        try Files.makeFolder(pup.path("sub"))
        for name in ["gone", "sub/prog", "text"] { try Files.write("#!/nowhere/interpreter\n", to: pup.path(name), mode: 0o755) }
        try pup.run()
        let line = try pup.wait(for: .errored, in: "gone")
        #expect(line.contains("could not be started: exec ") && line.contains("No such file or directory (cwd \(pup.folder))"))
        #expect(try pup.wait(for: .errored, in: "text").contains("could not be started: exec "))
        try pup.reach("gone", "exhausted")
        let sub = try pup.wait(for: .errored, in: "folderless")
        #expect(sub.contains("could not be started: ") && sub.contains("(cwd \(pup.path("sub")))"))
        try pup.stop()
      }
    }
  }
}
