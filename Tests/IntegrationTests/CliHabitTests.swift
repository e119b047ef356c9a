internal import PupAPI
internal import Testing

extension Integration {
  /// What people who know the original, or another supervisor, type.
  @Suite struct CliHabitTests {
    @Test(.timeLimit(.minutes(5))) func wordsOfTheOriginal() throws {
      try Pup.test { pup in
        let bare = try pup.command([])
        #expect(bare.code == 0 && bare.output.contains("Usage: pup COMMAND"))
        #expect(!bare.output.contains("  setup "), "for those who know the original")
        let made = try pup.command([
          "init", "--name", "my-instance", "--id", "p", "--cmd", "node server.js", "--autostart", "true",
        ])
        #expect(made.code == 0, "\(made.error)")
        let text = Files.text(pup.path("pup.json")) ?? ""
        #expect(text.contains("\"name\": \"my-instance\"") && text.contains("\"autostart\": true"))
        #expect(try pup.command(["--config", "pup.json", "check"]).code == 0, "options first")
        #expect(try pup.command(["init", "--config", "x.json", "--name", "no blanks"]).code == 65)
        #expect(!Files.exists(pup.path("x.json")))
        #expect(try pup.command(["append", "--id", "q", "-C", "true", "--autostart=false"]).code == 0)
        #expect(Files.text(pup.path("pup.json"))?.contains("\"id\": \"q\",\n      \"cmd\": \"true\"\n") == true)
        for words in [["upgrade", "--version", "1.0.0"], ["upgrade", "--channel", "canary"], ["setup", "--upgrade"]] {
          let result = try pup.command(words)
          #expect(result.code == 64 && result.error.contains("make install"), "\(words): \(result.error)")
        }
        #expect(try pup.command(["setup"]).code == 0)
      }
    }

    @Test(.timeLimit(.minutes(5))) func aProgramLeadsToItsCommandLine() throws {
      try Pup.test("{ processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        let cases: [([String], String)] = [
          (["run", "app.js"], "pup run -A -W app.js"), (["run", "node x.js"], "pup run -A -C 'node x.js'"),
          (["start", "app.js"], "pup run -A -W app.js"), (["start", "python3 app.py"], "pup run -A -C 'python3 app.py'"),
        ]
        for (words, says) in cases {
          let result = try pup.command(words)
          #expect(result.code != 0 && result.error.contains(says), "\(words): \(result.error)")
        }
        try pup.run()
        #expect(try pup.command(["start", "app.js"]).error.contains("pup run -A -W app.js"))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func cwdMeansOneThing() throws {
      try Pup.test("{ processes: [] }\n") { pup in
        try Files.makeFolder(pup.path("plain"))
        try Files.makeFolder(pup.path("other"))
        try Files.write("{ processes: [] }\n", to: pup.path("other/pup.json"))
        // The original's meaning.
        #expect(try pup.cli("append", "-d", "plain", "--id", "a", "-C", "true") == "pup.json: a added\n")
        #expect(Files.text(pup.path("pup.json"))?.contains("cwd: \"plain\"") == true)
        // A folder with a configuration of its own, as for every other command.
        #expect(try pup.cli("append", "-d", "other", "--id", "b", "-C", "true") == "\(pup.folder)/other/pup.json: b added\n")
        #expect(Files.text(pup.path("other/pup.json"))?.contains("cwd") == false)
        #expect(try pup.cli("check", "-d", "other").contains("good, 1 process"))
        #expect(try pup.cli("remove", "-d", "other", "b").hasSuffix("b removed\n"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func tokensEndAfterASpan() throws {
      try Pup.test("{ processes: [] }") { pup in
        for span in ["3600", "1h", "60 minutes"] {
          #expect(try pup.cli("token", "--consumer", "x", "--expire-in", span).split(separator: ".").count == 3)
        }
        let tokens = try pup.json("token", "list", "--json").arrayValue ?? []
        #expect(tokens.count == 3 && tokens.allSatisfy { $0["expires"] != nil })
        let wrong = try pup.command(["token", "--consumer", "x", "--expire-in", "soon"])
        #expect(wrong.code == 64 && wrong.error.contains("1h"))
      }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "only root can be another user"))
    func logsOfSomebodyElseAreNotNone() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, restart: 'error', cmd: 'echo text' } ] }") { pup in
        try pup.run()
        try pup.reach("one", "finished")
        try pup.stop()
        let nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
        _ = try pup.program(["chmod", "755", pup.folder])
        let result = try pup.command(["logs"], prefix: nobody)
        #expect(result.code == 77 && result.error.contains("Permission denied") && !result.error.contains("not run here"))
      }
    }
  }
}
