internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Where lines go, and in which form.
  @Suite struct LoggerTests {
    private static let words = "printf 'plain\\\\n\\\\033[31mred\\\\033[0m\\\\n'; printf 'bad\\\\n' >&2"

    private func run(_ logger: String, global: String = "", _ command: String = words, _ check: (Pup) throws -> Void) throws {
      try Pup.test(
        """
        { logger: { \(global) }, processes: [ { id: 'one', autostart: true, restart: 'error', logger: { \(logger) }, cmd: "\(command)" } ] }
        """
      ) { pup in
        try pup.run()
        try pup.reach("one", "finished")
        try pup.stop()
        try check(pup)
      }
    }

    @Test(.timeLimit(.minutes(5))) func storeHasBothStreams() throws {
      try run("") { pup in
        #expect(pup.lines(of: "one", category: "stdout") == ["plain", "red"])
        #expect(pup.lines(of: "one", category: "stderr") == ["bad"])
      }
    }

    @Test(.timeLimit(.minutes(5))) func separateFiles() throws {
      try run("stdout: 'out.log', stderr: 'err.log'") { pup in
        // What Pup says of it belongs there as well.
        #expect(
          Files.text(pup.path("out.log")) == "one: starting (autostart)\nplain\nred\none: finished: exit code 0\n")
        #expect(Files.text(pup.path("err.log")) == "bad\n")
      }
    }

    @Test(.timeLimit(.minutes(5))) func oneFileForBoth() throws {
      try run("stdout: 'both.log'") { pup in
        let lines = Files.lines(pup.path("both.log"))
        #expect(lines.sorted() == ["bad", "one: finished: exit code 0", "one: starting (autostart)", "plain", "red"])
        #expect(lines.last == "one: finished: exit code 0")
      }
    }

    @Test(.timeLimit(.minutes(5))) func decoratedFile() throws {
      try run("stdout: 'out.log', decorateFiles: true, stderr: 'err.log'") { pup in
        let lines = Files.lines(pup.path("out.log"))
        #expect(
          lines.map { $0.dropFirst(31) } == [
            "[one:starting] starting (autostart)", "[one:stdout] plain", "[one:stdout] red",
            "[one:finished] finished: exit code 0",
          ])
        #expect(Files.lines(pup.path("err.log")).first?.contains("[one:stderr] bad") == true)
      }
    }

    @Test(.timeLimit(.minutes(5))) func filesOfAllProcesses() throws {
      try run("", global: "stdout: 'all.log', decorate: true") { pup in
        let lines = Files.lines(pup.path("all.log"))
        #expect(lines.contains { $0.hasSuffix("[one:stdout] plain") })
        #expect(lines.contains { $0.contains("[one:starting] starting (autostart)") })
      }
    }

    @Test(.timeLimit(.minutes(5))) func consoleLines() throws {
      try run("") { pup in
        let lines = pup.console.split(separator: "\n")
        #expect(lines.contains { $0.hasSuffix(" [LOG] [one:stdout] plain") })
        // Not a terminal, so no colours of Pup's own.
        #expect(lines.contains { $0.contains("[one:starting] starting (autostart)") && !$0.contains("\u{1B}") })
      }
    }

    @Test(.timeLimit(.minutes(5))) func undecoratedConsole() throws {
      try run("decorate: false") { pup in
        #expect(pup.console.split(separator: "\n").contains("plain"))
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [("console: false", ""), ("", "console: false")])
    func noConsole(_ logger: (String, String)) throws {
      try run(logger.0, global: logger.1) { pup in
        #expect(!(pup.console + pup.complaints).contains("plain"))
        #expect(pup.lines(of: "one").contains("plain"))
      }
    }

    /// Any bytes but the line feed are text.
    @Test(.timeLimit(.minutes(5))) func bytesSurvive() throws {
      try run("stdout: 'out.log'", #"printf 'a\\000b\\377\\376c\\rd\\n\\n \\n\\tend'"#) { pup in
        let expected: [UInt8] = [97, 0, 98, 255, 254, 99, 13, 100, 10, 10, 32, 10, 9, 101, 110, 100]
        let stored = pup.logs.lines(LogQuery(processes: ["one"])).filter { $0.category == "stdout" }.map(\.text)
        #expect(stored == expected.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) })
        let file = Files.bytes(pup.path("out.log")) ?? []
        #expect(file == Array("one: starting (autostart)\n".utf8) + expected + Array("\none: finished: exit code 0\n".utf8))
      }
    }

    @Test(.timeLimit(.minutes(5))) func longLinesAreWhole() throws {
      try run("console: false", "\(Machine.child) --spew 3 --bytes 300000") { pup in
        let stored = pup.logs.lines(LogQuery(processes: ["one"])).filter { $0.category == "stdout" }
        #expect(stored.map(\.text.count) == [299_999, 299_999, 299_999])
        #expect(stored.map { String(decoding: $0.text.prefix(9), as: UTF8.self) } == ["out 1 one", "out 2 one", "out 3 one"])
      }
    }

    /// Somebody waits for it: a line that has no end yet.
    @Test(.timeLimit(.minutes(5))) func promptIsVisibleSoon() throws {
      try Pup.test(
        "{ processes: [ { id: 'asks', autostart: true, cmd: '\(Machine.child) --append start s --prompt \"Your name? \" --hold' } ] }"
      ) { pup in
        try pup.run()
        try pup.waitForFile("start")
        let watch = Stopwatch()
        try pup.wait(for: "Your name? ", in: "asks")
        #expect(watch.milliseconds < 5000, "\(watch.milliseconds) ms")
        try Files.wait(pup.folder, for: "the prompt on the console") { pup.console.contains("Your name? ") }
        try pup.stop()
      }
    }

    /// As logrotate does it: the file is renamed, and a new one is expected in its place.
    @Test(.timeLimit(.minutes(5))) func renamedFileIsMadeAnew() throws {
      try Pup.test(
        """
        { processes: [ { id: 'one', autostart: true, logger: { console: false, stdout: 'one.log' },
          cmd: '\(Machine.child) --forever --rate 2000 --count-file count' } ] }
        """
      ) { pup in
        try pup.run()
        for turn in 1...3 {
          try Files.wait(pup.folder, for: "lines") { (Files.bytes(pup.path("one.log"))?.count ?? 0) > 500 }
          rename(pup.path("one.log"), pup.path("one.log.\(turn)"))
          try Files.wait(pup.folder, for: "a new file") { Files.exists(pup.path("one.log")) }
        }
        try pup.stop()
        var check = LineCheck(id: "one")
        for turn in 1...3 { check.read(file: pup.path("one.log.\(turn)")) }
        check.read(file: pup.path("one.log"))
        #expect(check.out.problems.isEmpty)
        #expect(try Written(pup.path("count")).out.contains(check.out.lines))
      }
    }

    @Test(
      .timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "mounting a small file system needs root"))
    func fullDisk() throws {
      try Pup.test(
        """
        { processes: [ { id: 'flood', autostart: true, restart: 'error', logger: { console: false },
          cmd: '\(Machine.child) --spew 200000; echo yes > done; exec \(Machine.child) --forever --rate 20 --id after' } ] }
        """
      ) { pup in
        try Files.makeFolder(pup.path("small"))
        guard mount("tmpfs", pup.path("small"), "tmpfs", 0, "size=2m,mode=700") == 0 else {
          throw Failure("mount: errno \(errno)")
        }
        defer {
          _ = pup.process?.ending == nil ? try? pup.stop() : nil
          umount2(pup.path("small"), 2)
        }
        try Files.write([UInt8](repeating: 0, count: 1 << 20), to: pup.path("small/filler"))
        try pup.launch(["run", "--data-dir", pup.path("small/data"), "--temp-dir", pup.path("tmp")])
        try pup.awaitBrain()
        // The program is not held up.
        try pup.waitForFile("done", seconds: 20)
        let memory = Files.lines("/proc/\(pup.brain)/status").first { $0.hasPrefix("VmRSS:") } ?? ""
        let kilobytes = Int(memory.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? .max
        #expect(kilobytes < 60_000, "the brain uses \(kilobytes) KiB")
        // It recovers by itself, and says what is missing.
        unlink(pup.path("small/filler"))
        pup.dataOverride = pup.path("small/data")
        try pup.wait(for: .lost, in: "flood")
        try pup.wait(for: " after", in: "flood")
        try pup.stop()
        let lines = pup.lines(of: "flood")
        let lost = lines.compactMap { line in
          line.hasPrefix("lost ") ? line.split(separator: " ").dropFirst().first.flatMap { Int($0) } : nil
        }
        let written = lines.count { $0.hasSuffix(" flood") }
        #expect(written > 1000)
        // Those of the second program that fell into the same time are counted as well.
        #expect(written + lost.reduce(0, +) >= 200_000)
        #expect(pup.count(of: "cannot be written") >= 1)
      }
    }
  }
}
