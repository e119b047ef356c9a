internal import Glibc
internal import Testing

extension Integration {
  /// A configuration that cannot be used: a located message, exit code 65, nothing started, and a Pup that runs is not touched.
  @Suite struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
      var name: String
      var text: String
      /// What the message has to contain.
      var says: [String]
      var testDescription: String { name }

      init(_ name: String, process: String, _ says: String...) {
        self.init(
          name, "{ processes: [ { id: 'one', autostart: true, cmd: 'touch started' },\n  { \(process) } ] }",
          ["pup.json:2:"] + says
        )
      }

      init(_ name: String, _ text: String, _ says: [String]) {
        self.name = name
        self.text = text
        self.says = says
      }
    }

    private static let cases = [
      Case("unknown key", process: "id: 'a', cmd: 'true', restartDelay: 5", "restartDelay", "restartDelayMs"),
      Case("wrong type", process: "id: 'a', cmd: 'true', autostart: 'yes'", "autostart"),
      Case("duplicate key", process: "id: 'a', cmd: 'true', cmd: 'false'", "cmd"),
      Case("duplicate id", process: "id: 'ONE', cmd: 'true'", "ONE"),
      Case("id of a folder", process: "id: '..', cmd: 'true'", ".."), Case("id all", process: "id: 'all', cmd: 'true'", "all"),
      Case("id core", process: "id: 'Core', cmd: 'true'", "Core"), Case("no cmd", process: "id: 'a'", "cmd", "worker"),
      Case("both cmd and worker", process: "id: 'a', cmd: 'true', worker: ['a.sh']", "worker"),
      Case("bad cron", process: "id: 'a', cmd: 'true', cron: '61 * * * *'", "61"),
      Case("impossible cron", process: "id: 'a', cmd: 'true', cron: '0 0 30 2 *'", "never matches"),
      Case("unknown zone", process: "id: 'a', cmd: 'true', cron: '@daily', cronTimezone: 'Mars/Olympus'", "Mars/Olympus"),
      Case("negative delay", process: "id: 'a', cmd: 'true', restartDelayMs: -1", "restartDelayMs"),
      Case("timeout of zero", process: "id: 'a', cmd: 'true', timeout: 0", "timeout"),
      Case("grace above timeout", process: "id: 'a', cmd: 'true', terminateGracePeriod: 9, terminateTimeout: 3", "terminate"),
      Case(
        "load balancer", process: "id: 'a', cmd: 'true', cluster: { instances: 2, commonPort: 80, startPort: 90 }", "commonPort"),
      Case("member id taken", process: "id: 'a', cmd: 'true', cluster: { instances: 2 } }, { id: 'a-1', cmd: 'true'", "a-1"),
      Case("worker of no kind", process: "id: 'a', worker: ['/etc/os-release']", "interpreter"),
      Case("empty", "", ["pup.json"]), Case("blank", "  \n", ["pup.json"]), Case("not an object", "[]", ["pup.json:1:1"]),
      Case("unfinished", "{ processes: [\n", ["pup.json:"]),
      Case("a number too long", "{ processes: [], terminateTimeout: 1e999 }", ["pup.json:1:"]),
      Case("binary", "\u{7F}ELF\u{2}\u{1}\u{0}\u{0}", ["pup.json", "binary"]), Case("no processes", "{}", ["processes"]),
      Case("deep", String(repeating: "[", count: 100_000), ["pup.json:1:"]),
    ]

    @Test(.timeLimit(.minutes(5)), arguments: cases) func isRefused(_ bad: Case) throws {
      try Pup.test { pup in
        try pup.configure(bad.text)
        let result = try pup.command(["run"])
        #expect(result.code == 65, "\(result.error.prefix(500))")
        for word in bad.says { #expect(result.error.contains(word), "no '\(word)' in: \(result.error.prefix(500))") }
        #expect(!Files.exists(pup.path("started")) && !Files.exists(pup.path(".pup")))
        #expect(try pup.command(["check"]).code == 65)
      }
    }

    @Test(.timeLimit(.minutes(5))) func manyBytesThatAreNoText() throws {
      try Pup.test { pup in
        for size in [1, 1000, 5 << 20] {
          try Files.write((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }, to: pup.path("pup.json"))
          let result = try pup.command(["run"], seconds: 20)
          #expect(result.code == 65)
          #expect(result.error.contains("pup.json") && result.error.utf8.count < 100_000)
        }
      }
    }

    @Test(.timeLimit(.minutes(5))) func fileThatIsNotThere() throws {
      try Pup.test { pup in
        for words in [["run"], ["run", "--config", "nowhere/pup.json"], ["check"]] {
          let result = try pup.command(words)
          #expect(result.code == 65)
          #expect(result.error.contains("pup.json"))
        }
      }
    }

    @Test(.timeLimit(.minutes(5)), .enabled(if: !Machine.isRoot, "root can read everything")) func unreadableFile() throws {
      try Pup.test("{ processes: [] }") { pup in
        chmod(pup.path("pup.json"), 0)
        let result = try pup.command(["run"])
        #expect(result.code == 65)
        #expect(result.error.contains("pup.json") && result.error.contains("ermission"))
      }
    }

    @Test(.timeLimit(.minutes(5))) func folderInsteadOfAFile() throws {
      try Pup.test { pup in
        try Files.makeFolder(pup.path("pup.json"))
        #expect(try pup.command(["run"]).code == 65)
      }
    }

    @Test(.timeLimit(.minutes(5))) func secretThatOthersCanRead() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: 'touch started' } ] }") { pup in
        for folder in [".pup", ".pup/pup.json-data"] { try Files.makeFolder(pup.path(folder), mode: 0o700) }
        try Files.write("secret", to: "\(pup.data)/.main.secret", mode: 0o644)
        let result = try pup.command(["run"])
        #expect(result.code == 77)
        #expect(result.error.contains(".main.secret") && result.error.contains("chmod 600"))
        #expect(!Files.exists(pup.path("started")))
        chmod("\(pup.data)/.main.secret", 0o600)
        try pup.run()
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func runningPupIsUntouched() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run()
        try pup.reach("one", "running")
        let (pid, brain) = (try pup.pid("one"), pup.brain)
        try pup.configure("{ broken")
        #expect(try pup.command(["run"]).code == 65)
        #expect(try pup.command(["check"]).code == 65)
        #expect(try pup.pid("one") == pid)
        #expect(Processes.isAlive(brain))
        try pup.stop()
      }
    }

    /// The folders of Pup's own are for its user only.
    @Test(.timeLimit(.minutes(5))) func foldersAreClosedToOthers() throws {
      try Pup.test("{ processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run(prefix: ["sh", "-c", "umask 0; exec \"$@\"", "sh"])
        for folder in [pup.path(".pup"), pup.data, pup.temporary] {
          var info = stat()
          #expect(stat(folder, &info) == 0)
          #expect(info.st_mode & 0o777 == 0o700, "\(folder)")
        }
        try pup.stop()
      }
    }
  }
}
