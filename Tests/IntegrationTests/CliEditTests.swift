internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// `init`, `append` and `remove` on real files; the layouts have tests of their own.
  @Suite struct CliEditTests {
    @Test(.timeLimit(.minutes(5))) func fromNothingToARunningProcess() throws {
      try Pup.test { pup in
        #expect(try pup.command(["append", "--id", "a", "-C", "true"]).error.contains("pup init"))
        #expect(try pup.cli("init").hasPrefix("pup.json: written"))
        #expect(try pup.command(["init"]).code == 65)
        try pup.cli("append", "--id", "web", "-A", "--", Machine.child, "--hold")
        try pup.cli("append", "--id", "job", "-O", "@daily", "-C", "true", "-e", "A=b c", "--stdout", "out.log")
        #expect(try pup.cli("check").hasPrefix("pup.json: good, 2 processes"))
        try pup.run()
        try pup.reach("web", "running")
        try pup.stop()
        #expect(try pup.cli("remove", "web", "JOB") == "pup.json: web, JOB removed\n")
        #expect(Files.text(pup.path("pup.json")) == "{\n  \"processes\": []\n}\n")
      }
    }

    @Test(.timeLimit(.minutes(5))) func nothingIsChangedByAMistake() throws {
      let text = "{ // mine\n  processes: [\n    { id: 'web', cmd: 'sleep 1', autostart: true, }, // site\n  ],\n}\n"
      try Pup.test(text) { pup in
        let cases: [([String], Int32, String)] = [
          (["append", "--id", "WEB", "-C", "true"], 65, "a process `web` already exists"),
          (["append", "--id", "all", "-C", "true"], 65, "--id"),
          (["append", "--id", "x", "-O", "61 * * * *", "-C", "true"], 65, "--cron"),
          (["append", "--id", "x"], 64, "program"), (["append", "-C", "true"], 64, "--id"),
          (["append", "--id", "x", "-C", "true", "--cwd", "nowhere"], 65, "--cwd"),
          (["remove", "wbe"], 66, "did you mean `web`"),
          (["remove"], 64, "name"), (["remove", "web", "wbe"], 66, "there is no process"),
          (["init", "-C", "true"], 65, "already"),
        ]
        for (words, code, says) in cases {
          let result = try pup.command(words)
          #expect(result.code == code && result.error.contains(says), "\(words): \(result.code) \(result.error)")
          #expect(Files.text(pup.path("pup.json")) == text, "\(words)")
        }
        #expect(Files.names(in: pup.folder).filter { $0.hasPrefix("pup.json") } == ["pup.json"], "nothing is left behind")
      }
    }

    /// Provisioning scripts work in parallel; whoever is told that it has won has won.
    @Test(.timeLimit(.minutes(5))) func editsAtTheSameTimeAllLand() throws {
      try Pup.test("{ processes: [{ id: 'old', cmd: 'true' }] }\n") { pup in
        for round in 0..<3 {
          let added = try (0..<7).map { try pup.background(["append", "--id", "p\(round)-\($0)", "-C", "true"]) }
          let removed = try pup.background(["remove", round == 0 ? "old" : "p\(round - 1)-3"])
          for child in added + [removed] {
            #expect(child.wait(seconds: 20) == .exited(0), "\(Files.text(pup.path("background.err")) ?? "")")
          }
        }
        #expect(try pup.cli("check").hasPrefix("pup.json: good, 19 processes"))
        #expect(Files.names(in: pup.folder).filter { $0.hasPrefix(".pup-edit") } == [])
      }
    }

    @Test(.timeLimit(.minutes(5))) func theWayOnIsSaid() throws {
      try Pup.test { pup in
        #expect(try pup.cli("init", "--config", "foo.json", "--id", "web", "-C", "true").hasSuffix("pup run --config foo.json\n"))
        try Files.write("{ processes: [ { id: 'i', cmd: 'true', autostrat: true } ] }", to: pup.path("pup.json"), mode: 0o600)
        let added = try pup.command(["append", "--id", "q", "-C", "true"])
        #expect(added.code != 0 || added.error.contains("pup check"), "\(added.error)")
        #expect(try pup.cli("remove", "--config", "foo.json", "web", "WEB") == "foo.json: web removed\n")
      }
    }

    /// `append` and `remove` mean the same by `--cwd`, whether that folder has a configuration or not.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false]) func whatWasAddedInAFolderIsRemovedThere(hasOwn: Bool) throws {
      try Pup.test("{ processes: [ { id: 'here', cmd: 'true' } ] }") { pup in
        try Files.makeFolder(pup.path("other"))
        if hasOwn { try Files.write("{ processes: [] }", to: pup.path("other/pup.json")) }
        try pup.cli("append", "--id", "new", "-C", "sleep 2", "--cwd", "other")
        #expect(Files.text(pup.path("other/pup.json"))?.contains("new") ?? false == hasOwn)
        try pup.cli("remove", "new", "--cwd", "other")
        #expect(Files.text(pup.path("pup.json")).map { $0.contains("here") && !$0.contains("new") } == true)
        #expect(Files.text(pup.path("other/pup.json")).map { !$0.contains("new") } ?? !hasOwn)
        let gone = try pup.command(["remove", "here", "--cwd", "nowhere"])
        #expect(gone.code == 65 && Files.text(pup.path("pup.json"))?.contains("here") == true, "\(gone.error)")
      }
    }

    @Test(.timeLimit(.minutes(5))) func styleLinksAndModesStay() throws {
      try Pup.test { pup in
        let text = "{ // mine\r\n\tprocesses: [\r\n\t\t{ id: 'web', cmd: 'sleep 1', autostart: true }, // site\r\n\t],\r\n}\r\n"
        try Files.write(text, to: pup.path("real.jsonc"), mode: 0o600)
        try Files.link(pup.path("pup.jsonc"), to: "real.jsonc")
        try Files.makeFolder(pup.path("sub"))
        try pup.cli("append", "--id", "new", "-A", "-C", "sleep 2", "--cwd", "sub")
        let expected = text.split(separator: "\r\n\t],").joined(
          separator: "\r\n\t\t{ id: 'new', cmd: 'sleep 2', autostart: true, cwd: 'sub' },\r\n\t],")
        #expect(Files.text(pup.path("real.jsonc")) == expected)
        try pup.cli("remove", "--id", "new")
        #expect(Files.text(pup.path("real.jsonc")) == text)
        var info = stat()
        #expect(lstat(pup.path("pup.jsonc"), &info) == 0 && info.st_mode & S_IFMT == S_IFLNK)
        #expect(stat(pup.path("real.jsonc"), &info) == 0 && info.st_mode & 0o777 == 0o600)
      }
    }
  }
}
