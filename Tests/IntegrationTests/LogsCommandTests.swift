internal import Glibc
internal import PupLogs
internal import Testing

extension Integration {
  /// `pup logs`, on the files alone.
  @Suite struct LogsCommandTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, restart: 'error', logger: { console: false }, cmd: '\(Machine.child) --spew 300 --both' },
        { id: 'other', autostart: true, restart: 'error', cmd: 'echo \\"quoted\\" text; sleep 0.5; echo later' } ] }
      """

    private func test(_ check: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("all", "finished")
        try pup.stop()
        try check(pup)
      }
    }

    private func lines(_ pup: Pup, _ words: String...) throws -> [Substring] {
      let result = try pup.command(["logs"] + words)
      #expect(result.code == 0, "\(result.error)")
      // What programs wrote; Pup's own lines about them are another matter.
      let own = ["starting", "finished", "errored"]
      return result.output.split(separator: "\n").filter { line in
        !own.contains { line.contains(":\($0)] ") || line.contains("\"category\":\"\($0)\"") }
      }
    }

    @Test(.timeLimit(.minutes(5))) func selects() throws {
      try test { pup in
        #expect(try pup.command(["logs"]).output.split(separator: "\n").count == 100)
        // At least that level, and names as in every other command.
        #expect(try lines(pup, "WEB", "--severity", "log", "-n", "1000").count == 600)
        let last = try lines(pup, "web", "--grep", "^out .* web$", "-n", "3")
        #expect(last.count == 3)
        #expect(last.last?.hasSuffix("[LOG] [web:stdout] out 300 web") == true)
        for level in ["warning", "WARN", "Error"] {
          #expect(try lines(pup, "web", "--severity", level, "-n", "1000").count == 300)
        }
        let errors = try lines(pup, "--id", "web", "--severity", "error", "-n", "1000")
        #expect(errors.count == 300)
        #expect(errors.allSatisfy { $0.contains("[ERROR] [web:stderr] err ") })
        #expect(try lines(pup, "--id", "web", "--id", "other", "-n", "1000").count == 602)
        #expect(try lines(pup, "--id", "core", "-n", "1000").allSatisfy { $0.contains("[core:") })
        #expect(try lines(pup, "web", "other", "-n", "1000").count == 602)
        #expect(try lines(pup, "--id", "w*", "-n", "1000").count == 600)
        #expect(try lines(pup, "w*", "-n", "1000", "--output", "raw", "--grep", "^(out|err) ").count == 600)
        #expect(try lines(pup, "web", "--since", "1 hour ago").count == 600)
        #expect(try lines(pup, "web", "--since", "yesterday", "--end", "10m").isEmpty)
        for words in [["--grep", "a("], ["--since", "soon"], ["--output", "xml"], ["--since", "1m", "--start", "2m"], ["-i"]] {
          let wrong = try pup.command(["logs"] + words)
          #expect(wrong.code == 64 && wrong.output.isEmpty && wrong.error.contains(words[0]), "\(words): \(wrong.error)")
        }
        let unknown = try pup.command(["logs", "-I", "wbe"])
        #expect(unknown.code == 66 && unknown.output.isEmpty && unknown.error.contains("did you mean 'web'"))
        #expect(try lines(pup, "-n", "0").isEmpty)
      }
    }

    @Test(.timeLimit(.minutes(5))) func ranges() throws {
      try test { pup in
        let all = pup.logs.lines(LogQuery(processes: ["other"])).filter { $0.category == "stdout" }
        #expect(all.count == 2)
        let (first, second) = (Timestamp.text(all[0].time), Timestamp.text(all[1].time))
        let later = try lines(pup, "--id", "other", "--start", second)
        #expect(later.count == 1)
        #expect(try lines(pup, "--id", "other", "--end", first).count == 1)
        #expect(try lines(pup, "--id", "other", "--start", first, "--end", second).count == 2)
        #expect(try lines(pup, "--id", "other", "--start", "2001-01-01", "--end", "2002-01-01").isEmpty)
      }
    }

    @Test(.timeLimit(.minutes(5))) func json() throws {
      try test { pup in
        let lines = try lines(pup, "--id", "other", "--json")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.hasPrefix("{\"timeStamp\":") && $0.hasSuffix("}") })
        #expect(lines.first?.contains("\"processId\":\"other\",\"severity\":\"log\",\"category\":\"stdout\"") == true)
      }
    }

    @Test(.timeLimit(.minutes(5))) func withoutLogs() throws {
      try Pup.test(Self.configuration) { pup in
        let result = try pup.command(["logs"])
        #expect(result.code == 0 && result.output.isEmpty)
        #expect(result.error.contains("nothing has been logged yet"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func follows() throws {
      try Pup.test(
        "{ processes: [ { id: 'ticker', autostart: true, logger: { console: false }, cmd: '\(Machine.child) --forever --rate 100' } ] }"
      ) { pup in
        try pup.run()
        try pup.wait(for: "out 10 ticker", in: "ticker")
        let follower = try pup.launch(["logs", "--id", "ticker", "--follow", "-n", "5"])
        // Across a brain's death, too.
        try Files.wait(pup.folder, for: "lines") { pup.console.split(separator: "\n").count > 20 }
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        let before = pup.console.split(separator: "\n").count
        try Files.wait(pup.folder, for: "more lines") { pup.console.split(separator: "\n").count > before + 20 }
        follower.signal(SIGINT)
        #expect(follower.wait(seconds: 5) != nil)
        let numbers = pup.console.split(separator: "\n").compactMap { line in
          line.contains("[ticker:stdout] out ") ? line.split(separator: " ").dropLast().last.flatMap { Int($0) } : nil
        }
        #expect(numbers.count >= 30)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 })
        pup.processes.removeLast()
        try pup.stop()
      }
    }
  }
}
