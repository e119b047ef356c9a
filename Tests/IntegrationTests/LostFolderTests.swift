internal import CLinux
internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Somebody has removed what an instance is found by: nothing runs twice, and nothing that lives is taken for dead.
  @Suite struct LostFolderTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'one', autostart: true, restartDelayMs: 60000,
        cmd: '\(Machine.child) --append starts one --on-term 0 --hold' } ] }
      """

    enum Loss: String, CaseIterable {
      case temporary
      case runtime
      case state
      case emptyState
      case streams
      case everything
      case lockOnly
    }

    // MARK: Keeper and supervisor are gone

    @Test(.timeLimit(.minutes(5)), arguments: Loss.allCases, [true, false])
    func survivorsAreTakenOverOnce(loss: Loss, cgroups: Bool) throws {
      try Pup.test(Self.configuration) { pup in
        let pid = try startAndKill(pup, cgroups: cgroups)
        try lose(loss, pup)
        try pup.run()
        try pup.wait(for: .takeover)
        #expect(try pup.pid("one") == pid)
        #expect(Files.lines(pup.path("starts")).count == 1)
        try pup.stop()
        #expect(!Processes.isAlive(pid))
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [true, false])
    func sweepEndsThem(cgroups: Bool) throws {
      try Pup.test(Self.configuration) { pup in
        let pid = try startAndKill(pup, cgroups: cgroups)
        try lose(.everything, pup)
        let swept = try pup.command(["sweep"])
        #expect(swept.code == 0 && swept.output.contains("one: stopped"), "\(swept)")
        // The database is lost as well.
        #expect(swept.output.contains("this is not in the history: "), "\(swept)")
        #expect(!Processes.isAlive(pid))
      }
    }

    /// Its pup-init is dead as well, and so is every file: only its environment speaks.
    @Test(.timeLimit(.minutes(5)))
    func whatIsUncertainIsNamedAndAdoptedOnlyOnRequest() throws {
      try Pup.test(Self.configuration) { pup in
        let pid = try startAndKill(pup, cgroups: false)
        guard let stat = ProcFiles.stat(of: pid) else { throw Failure("\(pid) is gone") }
        Orphans.reap([pid])
        Processes.kill(stat.parent)
        guard Processes.waitForEnd(stat.parent, seconds: 5) else { throw Failure("the pup-init does not die") }
        try lose(.everything, pup)
        let refused = try pup.command(["run"])
        #expect(refused.code == 69 && refused.error.contains("one: pid \(pid)"), "\(refused.error)")
        #expect(refused.error.contains("pup run --adopt") && refused.error.contains("pup sweep"))
        let swept = try pup.command(["sweep"])
        #expect(swept.code == 71 && swept.output.contains("kill \(pid)") && Processes.isAlive(pid), "\(swept)")
        try pup.run("--adopt")
        try pup.wait(for: .takeover)
        #expect(try pup.pid("one") == pid)
        #expect(Files.lines(pup.path("starts")).count == 1)
        try pup.stop()
        #expect(!Processes.isAlive(pid))
      }
    }

    // MARK: Pup lives

    @Test(.timeLimit(.minutes(5)))
    func aPupWhoseFolderWasRemovedIsFoundAndMakesItAnew() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("one", "running")
        let (pid, keeper) = (try pup.pid("one"), try pup.keeperPid())
        Files.remove("\(pup.folder)/.pup")
        let second = try pup.command(["run"])
        #expect(second.code == 69 && second.error.contains("pid \(keeper)"), "\(second.error)")
        let swept = try pup.command(["sweep"])
        #expect(swept.code == 69 && Processes.isAlive(pid), "\(swept)")
        try pup.wait(for: .files, naming: ".main.lock")
        #expect(try pup.keeperPid() == keeper)
        #expect(try pup.cli("status").contains("\(pid)"))
        // The next supervisor has the new lock, and the one that was held before.
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.wait(for: .takeover)
        #expect(try pup.command(["run"]).code == 69)
        try pup.stop()
        #expect(Files.lines(pup.path("starts")).count == 1)
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func aCommandFindsThePupWhoseFolderWasJustRemoved() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("one", "running")
        Files.remove("\(pup.folder)/.pup")
        let status = try pup.command(["status"])
        #expect(status.code == 0 && status.output.contains("one"), "\(status)")
        try pup.wait(for: .files, naming: ".main.lock")
        // The store may have met the gap, and says then that "nothing was lost".
        #expect(pup.count(of: "lost") == pup.count(of: "nothing was lost"), "\(pup.lines())")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func aFolderThatWasMovedAwayIsNotMadeAnew() throws {
      try Pup.test(Self.configuration) { pup in
        let (home, moved) = (pup.path("home"), pup.path("moved"))
        try Files.makeFolder(home)
        #expect(rename(pup.path("pup.json"), "\(home)/pup.json") == 0)
        try pup.launch(["run", "--cwd", "home"])
        let logs = { (folder: String) in
          Files.names(in: "\(folder)/.pup/pup.json-data/logs/core").map {
            Files.text("\(folder)/.pup/pup.json-data/logs/core/\($0)") ?? ""
          }
          .joined()
        }
        try Files.wait(pup.folder, for: "the supervisor") { logs(home).contains(" info api ") }
        #expect(rename(home, moved) == 0)
        try Files.wait(pup.folder, for: "the complaint") { logs(moved).contains(" error files ") }
        #expect(logs(moved).contains("was moved to \(moved) while Pup runs"))
        #expect(!Files.exists(home))
        #expect(rename(moved, home) == 0)
        #expect(try pup.command(["terminate", "--cwd", "home"], seconds: 20).code == 0)
        #expect(logs(home).split(separator: "\n").count { $0.contains("while Pup runs") } == 1, "said once")
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [".main.secret", ".main.lock", "api.sock"])
    func aFileThatIsMissingIsMadeAnewByThePupThatRuns(name: String) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("one", "running")
        let keeper = try pup.keeperPid()
        let secret = Files.text("\(pup.data)/.main.secret")
        let path = name == "api.sock" ? "\(pup.temporary)/\(name)" : "\(pup.data)/\(name)"
        unlink(path)
        // Whoever asks meanwhile waits for it, and makes none.
        try pup.cli("status")
        let folder = name == "api.sock" ? pup.temporary : pup.data
        try Files.wait(folder, for: name) { Files.exists(path) }
        #expect(Files.text("\(pup.data)/.main.secret") == secret)
        #expect(try pup.keeperPid() == keeper)
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5)))
    func anEmptyLockFileNamesNobodyElse() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("one", "running")
        let keeper = try pup.keeperPid()
        try Files.write("", to: "\(pup.data)/.main.lock")
        let ended = try pup.command(["terminate"], seconds: 20)
        #expect(ended.code == 0 && ended.output.contains("(pid \(keeper))"), "\(ended)")
        #expect(!Processes.isAlive(keeper))
      }
    }

    // MARK: A user's files

    @Test(.timeLimit(.minutes(5)), arguments: ["terminate", "sweep"])
    func whatPupDidNotMakeStays(end: String) throws {
      try Pup.test(Self.configuration) { pup in
        pup.dataOverride = pup.path("x-data")
        let files = [
          "x-data/tmp/mine", "x-data/mine", "x-data/logs/mine.log", "x-data/logs/one/mine.log", "x-tmp/mine", "temp/mine",
          "temp/run/state",
          "temp/.main.mine", "temp/events", "empty/",
        ]
        for file in files {
          var folder = pup.folder
          for part in file.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
            folder += "/\(part)"
            try Files.makeFolder(folder)
          }
          if !file.hasSuffix("/") { try Files.write("precious", to: pup.path(file)) }
        }
        for temporary in [["--temp-dir", "temp"], ["--temp-dir", "empty"], []] {
          let options = ["--data-dir", "x-data"] + temporary
          try pup.launch(["run"] + options)
          try pup.awaitBrain()
          try pup.awaitSupervision()
          if end == "terminate" {
            try pup.stop()
          } else {
            try pup.killKeeperAndBrain()
            let swept = try pup.command(["sweep"] + options)
            #expect(swept.code == 0, "\(swept)")
          }
          for file in files { #expect(Files.exists(pup.path(file)), "\(file)") }
        }
        #expect(Files.names(in: pup.path("temp")) == [".main.mine", "events", "mine", "run"])
        #expect(Files.names(in: pup.path("empty")).isEmpty)
      }
    }

    /// The socket of another program has the name of ours.
    @Test(.timeLimit(.minutes(5)))
    func anotherProgramsSocketStays() throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("temp"))
        let other = try pup.background(program: ["python3", "-c", Self.listener, pup.path("temp/api.sock")])
        try Files.wait(pup.path("temp"), for: "the other socket") { Files.exists(pup.path("temp/api.sock")) }
        try pup.launch(["run", "--temp-dir", "temp"])
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.cli("status", "--temp-dir", "temp").contains("one"))
        try pup.stop()
        #expect(Files.exists(pup.path("temp/api.sock")))
        other.signal(SIGKILL)
        _ = other.wait(seconds: 5)
      }
    }

    /// Something that is no socket at all has the name of ours.
    @Test(.timeLimit(.minutes(5)), arguments: ["a file", "a folder"])
    func whatHasTheNameOfTheSocketStays(what: String) throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("temp"))
        let path = pup.path("temp/api.sock")
        if what == "a file" { try Files.write("mine", to: path) } else { try Files.makeFolder(path) }
        try pup.launch(["run", "--temp-dir", "temp"])
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.cli("status", "--temp-dir", "temp").contains("one"))
        try pup.stop()
        #expect(Files.exists(path) && (what != "a file" || Files.text(path) == "mine"))
      }
    }

    private static let listener =
      "import socket,sys,signal;s=socket.socket(socket.AF_UNIX);s.bind(sys.argv[1]+'.x');s.listen();import os;os.rename(sys.argv[1]+'.x',sys.argv[1]);signal.pause()"

    // MARK: -

    private func startAndKill(_ pup: Pup, cgroups: Bool) throws -> Int32 {
      if !cgroups { pup.environment["PUP_CGROUPS"] = "off" }
      try pup.run()
      try pup.reach("one", "running")
      try Files.wait(pup.folder, for: "the first start") { Files.lines(pup.path("starts")).count == 1 }
      let pid = try pup.pid("one")
      try pup.killKeeperAndBrain()
      return pid
    }

    private func lose(_ loss: Loss, _ pup: Pup) throws {
      guard let runtime = Files.lines("\(pup.temporary)/.main.keep").first else { throw Failure("no pointer file") }
      switch loss {
      case .temporary: Files.remove(pup.temporary)
      case .runtime: Files.remove(runtime)
      case .state: unlink("\(runtime)/state")
      case .emptyState: truncate("\(runtime)/state", 0)
      case .streams: for name in ["streams", "sinks"] { unlink("\(runtime)/\(name)") }
      case .lockOnly:
        unlink("\(pup.data)/.main.lock")
        Files.remove(runtime)
      case .everything:
        Files.remove(runtime)
        Files.remove("\(pup.folder)/.pup")
      }
    }
  }
}
