internal import CLinux
internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  /// A `logger.*` file in which others write as well: whatever happens to Pup, their lines stay, and its own are there once.
  @Suite struct SharedLogFileTests {
    enum Break: String, CaseIterable {
      case brainKilled, upgraded, bothKilled
    }

    @Test(.timeLimit(.minutes(5)), arguments: Break.allCases) func linesOfOthersStay(how: Break) throws {
      try Pup.test(Self.configuration("logs/all.log")) { pup in
        try Files.makeFolder(pup.path("logs"))
        try pup.run()
        try line(1, pup)
        for number in 1...3 { foreign("by hand \(number)", pup) }
        let keeper = try pup.keeperPid()
        switch how {
        case .brainKilled:
          Processes.kill(pup.brain)
          try pup.awaitBrain()
        case .upgraded:
          Processes.kill(keeper, SIGUSR2)
          try pup.wait(for: .takeover)
        case .bothKilled:
          try pup.killKeeperAndBrain()
          foreign("in between", pup)
          try pup.run()
        }
        try line(2, pup)
        foreign("by hand 4", pup)
        try line(3, pup)
        try pup.stop()
        let others = (1...3).map { "by hand \($0)" } + (how == .bothKilled ? ["in between"] : [])
        // Without what Pup itself says of the process.
        let lines = Files.lines(pup.path("logs/all.log")).filter { !$0.hasPrefix("one: ") }
        #expect(lines == ["line 1"] + others + ["line 2", "by hand 4", "line 3"])
      }
    }

    /// A program that gave up its rights, and can change the folder of its log file.
    @Test(.timeLimit(.minutes(5)), .enabled(if: Machine.isRoot, "only root can make a folder of another user"))
    func aLinkInAnothersFolderIsNotFollowed() throws {
      try Pup.test(Self.configuration("his/a.log")) { pup in
        chmod(pup.folder, 0o755)
        try Files.makeFolder(pup.path("his"))
        chown(pup.path("his"), 54_321, 54_321)
        try pup.run()
        try line(1, pup, file: "his/a.log")
        var info = stat()
        #expect(stat(pup.path("his/a.log"), &info) == 0 && info.st_uid == 54_321)
        rename(pup.path("his/a.log"), pup.path("his/old"))
        symlink(pup.path("precious"), pup.path("his/a.log"))
        // Pup looks at the path after a while.
        var number = 2
        while pup.lines(category: .logger).isEmpty, number < 5_000 {
          try write(number, pup)
          number += 1
        }
        #expect(pup.count(of: "is a link") == 1)
        #expect(!Files.exists(pup.path("precious")))
        // Nothing but this file is concerned.
        #expect(pup.lines(of: "one").contains("line \(number - 1)"))
        try pup.stop()
      }
    }

    // MARK: -

    /// A line for each word that is written into a FIFO.
    private static func configuration(_ file: String) -> String {
      """
      { processes: [ { id: 'one', autostart: true, logger: { console: false, stdout: '\(file)' },
        cmd: 'test -p ask || mkfifo ask; exec 3<>ask; while read -r word <&3; do echo "line $word"; done' } ] }
      """
    }

    private func write(_ number: Int, _ pup: Pup) throws {
      try Files.wait(pup.folder, for: "the FIFO") { Files.exists(pup.path("ask")) }
      let fifo = pup_open(pup.path("ask"), O_WRONLY, 0)
      defer { close(fifo) }
      let word = Array("\(number)\n".utf8)
      guard Glibc.write(fifo, word, word.count) == word.count else { throw Failure("write: errno \(errno)") }
      try pup.wait(for: "line \(number)", in: "one")
    }

    private func line(_ number: Int, _ pup: Pup, file: String = "logs/all.log") throws {
      try write(number, pup)
      try Files.wait(pup.path(String(file.prefix { $0 != "/" })), for: "line \(number)") {
        Files.lines(pup.path(file)).contains("line \(number)")
      }
    }

    private func foreign(_ text: String, _ pup: Pup) {
      let file = pup_open(pup.path("logs/all.log"), O_WRONLY | O_APPEND, 0)
      defer { close(file) }
      let line = Array("\(text)\n".utf8)
      #expect(Glibc.write(file, line, line.count) == line.count)
    }
  }
}
