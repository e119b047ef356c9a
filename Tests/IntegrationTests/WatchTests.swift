internal import PupCore
internal import PupLogs
internal import Testing

extension Integration {
  /// Restarts by changed files, with the real watcher.
  @Suite struct WatchTests {
    /// A Pup whose configuration, folders, logs and pid files are all in the folder that is watched; every file counts there.
    private static func inWatchedFolder(_ processes: String, _ body: (Pup) throws -> Void) throws {
      try Pup.test { pup in
        try Files.makeFolder(pup.path("w"))
        pup.dataOverride = pup.path("w/.pup/pup.json-data")
        let watcher = "watcher: { interval: 20, exts: [], match: [], skip: [] }"
        try Files.write("{ \(watcher), logger: { stdout: 'all.log' }, processes: [\(processes)] }", to: pup.path("w/pup.json"))
        try pup.run("--config", "w/pup.json")
        try body(pup)
      }
    }

    private static func changes(_ pup: Pup) -> [String] {
      pup.lines(of: "a", category: "watcher").filter { $0.contains("/w/") }
    }

    @Test(.timeLimit(.minutes(5))) func whatPupWritesIsNoChange() throws {
      let watched =
        "{ id: 'a', cmd: 'echo hello; exec \(Machine.child) --hold', autostart: true, watch: ['.'], restartDelayMs: 0, pidFile: 'a.pid' }"
      let other = "{ id: 'b', cmd: 'echo again', logger: { stdout: 'b.log' }, pidFile: 'b.pid' }"
      try Self.inWatchedFolder("\(watched), \(other)") { pup in
        try pup.untilSeen("console", "[a:watcher] \(pup.path("w/first"))") { try Files.write("edited", to: pup.path("w/first")) }
        for _ in 0..<3 {
          try pup.tell("start", "b")
          try pup.reach("b", "finished")
        }
        try pup.cli("append", "--config", "w/pup.json", "--id", "c", "-C", "true")
        try pup.cli("token", "--config", "w/pup.json", "--consumer", "me", "--expire-in", "60")
        try pup.waitForFile("w/b.log")
        try Files.write("edited", to: pup.path("w/last"))
        try pup.wait(for: .watcher, in: "a", naming: "w/last")
        let others = Self.changes(pup).filter { !$0.hasSuffix("/first changed") && !$0.hasSuffix("/last changed") }
        #expect(others == [])
      }
    }

    @Test(.timeLimit(.minutes(5))) func aProgramThatRestartsItselfIsSlowedDown() throws {
      let program =
        "{ id: 'a', cmd: 'date > $PWD/state; exec \(Machine.child) --hold', autostart: true, watch: ['.'], restartDelayMs: 0 }"
      try Self.inWatchedFolder(program) { pup in
        let warning = try pup.wait(for: .watcher, .warn, in: "a", seconds: 20)
        #expect(warning.contains("w/state changed, 4 times in a row") && warning.contains("waits 2 s"), "\(warning)")
        #expect(warning.contains("the program seems to write it itself") && warning.contains("watcher.skip"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func aWatchThatSeesNothingIsToldAndTheScriptsOwnExtensionCounts() throws {
      let processes =
        "{ id: 'py', worker: ['src/app.py'], watch: ['src'] }, { id: 'sh', cmd: 'sleep 9', watch: ['src', 'pup.json'] }"
      try Pup.test("{ processes: [\n\(processes)\n] }") { pup in
        try Files.makeFolder(pup.path("src"))
        try Files.write("", to: pup.path("src/app.py"))
        let check = try pup.command(["check"])
        #expect(check.code == 0)
        let warnings = check.error.split(separator: "\n").filter { $0.contains("watch") || $0.contains("extensions") }
        #expect(warnings.count == 2, "\(check.error)")
        #expect(warnings.first?.contains("has one of the extensions that count: ts, tsx, js, jsx, json (there are: .py)") == true)
        #expect(warnings.first?.contains("pup.json:2:") == true && warnings.last?.contains("Pup itself writes") == true)
        try pup.run()
        #expect(pup.complaints.contains("extensions that count"))
        try pup.untilSeen("console", "[py:watcher] \(pup.path("src/app.py"))") {
          try Files.write("#", to: pup.path("src/app.py"))
        }
      }
    }
  }
}
