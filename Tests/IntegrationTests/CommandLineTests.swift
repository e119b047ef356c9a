internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// What `pup` answers, and with which exit code.
  @Suite struct CommandLineTests {
    private static let sleeper = "{ processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --print-env --hold' } ] }"

    struct Usage: CustomTestStringConvertible, Sendable {
      var words: [String]
      var says: String
      var testDescription: String { words.joined(separator: " ") }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        Usage(words: ["--config", "pup.json"], says: "pup help"), Usage(words: ["rnu"], says: "did you mean 'run'"),
        Usage(words: ["run", "--nonsense"], says: "--nonsense"), Usage(words: ["run", "--config"], says: "--config"),
        Usage(words: ["run", "sleep", "1"], says: "after --"), Usage(words: ["run", "--", ""], says: ""),
        Usage(words: ["run", "-A"], says: "needs a program"), Usage(words: ["run", "-C", "true", "-W", "a.py"], says: "one of"),
        Usage(words: ["run", "-C", "true", "-c", "pup.json"], says: "not both"), Usage(words: ["run", "--"], says: "--"),
        Usage(words: ["run", "-C", "true"], says: "add -A"), Usage(words: ["run", "--", "true"], says: "add -A"),
        Usage(words: ["logs", "--severity", "loud"], says: "log, info, warn, error"),
        Usage(words: ["logs", "--start", "tomorrow"], says: "not a time"), Usage(words: ["logs", "-n", "few"], says: "few"),
        Usage(words: ["check", "--json", "--severity", "x"], says: "--severity"),
        Usage(words: ["check", "other.json"], says: "--config FILE"), Usage(words: ["sweep", "one"], says: "not expected"),
        Usage(words: ["version", "one"], says: "not expected"),
      ])
    func wrongUsage(_ usage: Usage) throws {
      try Pup.test(Self.sleeper) { pup in
        let result = try pup.command(usage.words)
        // An empty command is a configuration of which nothing can be made.
        #expect(result.code == 64 || result.code == 65 && usage.words.last == "", "\(result.error)")
        #expect(result.error.contains(usage.says))
        #expect(result.output.isEmpty)
      }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [[], ["help"], ["--help"], ["help", "run"], ["run", "--help"], ["logs", "-h"], ["version"], ["-v"]])
    func helpAndVersion(words: [String]) throws {
      try Pup.test { pup in
        let result = try pup.command(words)
        #expect(result.code == 0)
        #expect(!result.output.isEmpty && result.error.isEmpty)
      }
    }

    // MARK: check

    @Test(.timeLimit(.minutes(5))) func checkSaysHowThingsAreRun() throws {
      try Pup.test(
        "{ processes: [ { id: 'simple', cmd: 'A=b sleep 1 > out' }, { id: 'piped', cmd: 'sleep 1 | cat' }, { id: 'script', worker: ['a.sh'] } ] }"
      ) { pup in
        try Files.write("", to: pup.path("a.sh"))
        let result = try pup.command(["check"])
        #expect(result.code == 0, "\(result.error)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "pup.json: good, 3 processes")
        #expect(lines.count == 4)
        #expect(lines.contains { $0.contains("simple") && !$0.contains("shell") })
        #expect(lines.contains { $0.contains("piped") && $0.contains("shell") })
        #expect(try pup.command(["check", "--json"]).code == 0)
        #expect(!Files.exists(pup.path(".pup")), "a check leaves nothing behind")
      }
    }

    @Test(.timeLimit(.minutes(5))) func checkTellsAllProblemsAtOnce() throws {
      try Pup.test(
        """
        {
          processes: [
            { id: "web", cmd: "sleep 1", autostrat: true },
            { id: "Web", cmd: "sleep 1", restart: "sometimes" },
            { id: "bare" },
            { id: "job", cmd: "sleep 1", cron: "0 0 30 2 *", terminateGracePeriod: 9, terminateTimeout: 3 },
          ],
        }
        """
      ) { pup in
        let result = try pup.command(["check"])
        #expect(result.code == 65)
        let places = result.error.split(separator: "\n").compactMap { line in
          line.hasPrefix("pup.json:") ? line.split(separator: ":")[1] : nil
        }
        #expect(Set(places) == ["3", "4", "5", "6"] || Set(places) == ["4", "5", "6", "7"], "\(result.error)")
        for word in ["autostart", "Web", "sometimes", "cmd", "never matches", "terminate"] {
          #expect(result.error.contains(word), "\(word)")
        }
        let json = try pup.command(["check", "--json"])
        #expect(json.code == 65)
        #expect(json.output.hasPrefix("[") || json.output.hasPrefix("{"))
        #expect(json.output.contains("\"line\":4") || json.output.contains("\"line\": 4"))
      }
    }

    // MARK: run

    @Test(.timeLimit(.minutes(5))) func oneInstancePerConfiguration() throws {
      try Pup.test(Self.sleeper) { pup in
        let process = try pup.run()
        try pup.reach("one", "running")
        let second = try pup.command(["run"])
        #expect(second.code == 69)
        #expect(second.error.contains("(pid \(process.pid))"))
        // Also by another way to its folder, and after another brain.
        try Files.link(pup.path("here"), to: pup.folder)
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.command(["run", "--config", "here/pup.json"], directory: pup.folder).code == 69)
        #expect(try pup.status("one").state == "running")
        try pup.stop()
        // Free again.
        try pup.run()
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func removedVariableIsGone() throws {
      try Pup.test(
        "{ processes: [ { id: 'one', autostart: true, env: { KEPT: '1', REMOVED: '1' }, cmd: '\(Machine.child) --print-env --hold' } ] }"
      ) {
        pup in
        pup.environment["OUTSIDE"] = "1"
        try pup.run()
        try pup.wait(for: "REMOVED=1", in: "one")
        try pup.stop()
        try pup.configure(
          "{ processes: [ { id: 'one', autostart: true, env: { KEPT: '2' }, cmd: '\(Machine.child) --print-env --hold' } ] }")
        pup.environment["OUTSIDE"] = nil
        try pup.run()
        try pup.wait(for: "KEPT=2", in: "one")
        #expect(pup.count(of: "REMOVED=1", in: "one") == 1)
        #expect(pup.count(of: "OUTSIDE=1", in: "one") == 1)
        try pup.stop()
      }
    }

    @Test(
      .timeLimit(.minutes(5)),
      arguments: [
        ["-A", "--", "echo", "a  b", "$HOME", "*"], ["-A", "-C", "echo 'a  b' '$HOME' '*'"], ["-A", "-W", "say.sh"],
        ["-A", "-I", "named", "-e", "X=a  b", "-C", "echo \"$X\" '$HOME' '*'"],
      ])
    func withoutAConfiguration(words: [String]) throws {
      try Pup.test { pup in
        try Files.write("echo 'a  b' '$HOME' '*'\n", to: pup.path("say.sh"))
        let id = words.contains("named") ? "named" : "task"
        pup.configurationName = "\(id).adhoc"
        try pup.launch(["run"] + words)
        try pup.awaitBrain()
        try pup.wait(for: "a  b $HOME *", in: id)
        try pup.stop()
        let logs = try pup.command(["logs", "--data-dir", pup.data, "--id", id])
        #expect(logs.output.contains("a  b $HOME *"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func foldersElsewhere() throws {
      try Pup.test { pup in
        try Files.makeFolder(pup.path("etc"))
        try Files.makeFolder(pup.path("work"))
        try Files.write(
          "{ processes: [ { id: 'one', autostart: true, restart: 'error', cmd: '\(Machine.child) --print-limits --print-env' } ] }",
          to: pup.path("etc/app.json"))
        pup.dataOverride = pup.path("var/lib")
        try pup.launch([
          "run", "--cwd", "work", "--config", "../etc/app.json", "--data-dir", "../var/lib", "--temp-dir", "../var/tmp",
        ])
        try pup.awaitBrain()
        try pup.reach("one", "finished")
        #expect(Files.exists(pup.path("var/tmp")))
        try pup.stop()
        let lines = pup.lines(of: "one")
        #expect(lines.contains("cwd \(pup.path("etc"))"))
        #expect(!Files.exists(pup.path("etc/.pup")) && !Files.exists(pup.path(".pup")))
      }
    }

    /// A session without a terminal keeps SIGHUP for reading the configuration again.
    @Test(.timeLimit(.minutes(5))) func hangUpStopsNothing() throws {
      try Pup.test(Self.sleeper) { pup in
        let process = try pup.run()
        try pup.reach("one", "running")
        process.signal(SIGHUP)
        try pup.wait(for: .reload)
        #expect(process.ending == nil)
        #expect(try pup.status("one").state == "running")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [SIGTERM, SIGINT, SIGQUIT]) func signalsStop(signal: Int32) throws {
      try Pup.test(Self.sleeper) { pup in
        let process = try pup.run()
        try pup.reach("one", "running")
        process.signal(signal)
        #expect(process.wait(seconds: 5) == .exited(0))
      }
    }

    /// A service manager in a container: Pup is PID 1 of its own namespace.
    @Test(
      .timeLimit(.minutes(5)),
      .enabled(if: Machine.isRoot && Machine.makesNamespaces, "a PID namespace needs root, unshare, and a root that is a mount"))
    func firstProcessOfANamespace() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --print-limits --hold' },
          { id: 'litter', autostart: true, leftovers: 'keep', restartDelayMs: 20, cmd: 'setsid sleep 0.05 & exit 0' } ] }
        """
      ) { pup in
        let outer = try pup.run(prefix: ["unshare", "-pf", "--mount-proc"])
        try pup.reach("one", "running")
        // Below a pup-init where there are no cgroups.
        try pup.wait(for: Machine.usesCgroups ? "ppid 1" : "ppid ", in: "one")
        guard
          let keeper = Files.lines("/proc/\(outer.pid)/task/\(outer.pid)/children").first.flatMap({
            Int32($0.split(separator: " ")[0])
          })
        else { throw Failure("unshare has no child") }
        // Orphans come up to it, and do not stay as zombies.
        try pup.wait(for: .starting, in: "litter", count: 20)
        try pup.wait(for: "a keeper with hardly a zombie, after 20 orphans") { _ -> Bool? in
          let zombies = (ProcFiles.children(of: keeper) ?? []).count { ProcFiles.stat(of: $0)?.state == UInt8(ascii: "Z") }
          return zombies < 12 ? true : nil
        }
        Processes.kill(keeper, SIGTERM)
        #expect(outer.wait(seconds: 10) == .exited(0))
      }
    }

    // MARK: sweep

    @Test(.timeLimit(.minutes(5))) func nothingToSweep() throws {
      try Pup.test(Self.sleeper) { pup in
        let result = try pup.command(["sweep"])
        #expect(result.code == 0)
        #expect(result.output == "nothing was left behind\n")
      }
    }
  }
}
