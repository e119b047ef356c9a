internal import Glibc
internal import PupAPI
internal import PupSystem
internal import Testing

extension Integration {
  /// A path is a path: every command works in, and on, folders of any name.
  @Suite struct OddPathTests {
    struct Name: CustomTestStringConvertible, Sendable {
      var text: String
      /// Of the folder's whole path; more parts are put before the name until it has that many bytes.
      var length = 0
      var testDescription: String
    }

    /// The kernel's 4095 bytes, less the longest name of a file of Pup's below: a segment of the log of `core`, where no id is
    /// longer.
    private static let longest = 4095 - "/.pup/pup.json-data".utf8.count - 57

    private static let names = [
      Name(text: "My Project", testDescription: "a blank"), Name(text: " a  b ", testDescription: "blanks"),
      Name(text: "a\tb", testDescription: "a tab"), Name(text: "a\nb", testDescription: "a line break"),
      Name(text: "it's", testDescription: "a quote"), Name(text: "\"a\"", testDescription: "double quotes"),
      Name(text: "100%41%", testDescription: "percent"), Name(text: "a#b?c&d", testDescription: "#?&"),
      Name(text: "$HOME `x`", testDescription: "a shell's"), Name(text: "a\\n", testDescription: "a backslash"),
      Name(text: "žluť 漢字😀", testDescription: "beyond ASCII"), Name(text: "[a]*", testDescription: "a glob"),
      Name(text: "-x", testDescription: "a dash"),
      Name(text: "x", length: 500, testDescription: "beyond SQLite's 512 bytes"),
      Name(text: "x", length: longest, testDescription: "the longest"),
    ]

    /// What runs, and what each command has to answer.
    private static let commands: [(words: [String], code: Int32, says: String)] = [
      (["append", "--id", "late", "-C", "sleep 1000"], 0, "late"), (["check"], 0, "one"), (["status"], 0, "one"),
      (["start", "two"], 0, "two"),
      (["restart", "two"], 0, "two"), (["block", "two"], 0, "two"), (["unblock", "two"], 0, "two"), (["stop", "two"], 0, "two"),
      (["why", "one"], 0, "one"), (["history", "one"], 0, "one"), (["logs", "one"], 0, "hello"),
      (["token", "create", "--consumer", "me"], 0, "."), (["token", "list"], 0, "me"), (["upgrade", "--check"], 0, "pup-init"),
      (["list"], 0, "pup.json"), (["remove", "late"], 0, "late"),
      (["enable-service", "--dry-run", "--system", "--manager", "systemd"], 0, "pup.json"),
      (["disable-service", "--dry-run", "--system", "--manager", "systemd"], 0, "pup.service"),
      (["sweep"], 69, "is running here"),
    ]

    /// The same once nothing runs any more.
    private static let commandsAfterTheEnd: [(words: [String], code: Int32, says: String)] = [
      (["sweep"], 0, "nothing was left behind"), (["history", "one"], 0, "one"), (["logs", "one"], 0, "hello"),
      (["token", "create", "--consumer", "you"], 0, "."), (["token", "list"], 0, "you"),
    ]

    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'one', autostart: true, cmd: 'echo hello; exec sleep 1000' }, { id: 'two', cmd: 'sleep 1000' } ] }
      """

    @Test(.timeLimit(.minutes(6)), arguments: names, [true, false])
    func everyCommandWorks(name: Name, isNamed: Bool) throws {
      try Pup.test { pup in
        // Commands take the real supervisor: its upgrade is looked at as well.
        pup.environment["PUP_LIBEXEC"] = nil
        let folder = try Self.make(name, below: pup.folder)
        let (directory, file) = (isNamed ? pup.folder : folder, "\(folder)/pup.json")
        try Self.write(Self.configuration, to: folder)
        func pupCommand(_ words: [String]) throws -> Pup.Result {
          // One shows all of them and takes no name.
          let name = isNamed && words != ["list"] ? ["--config", file] : []
          return try pup.command(words + name, seconds: 30, directory: directory)
        }
        let started = try pupCommand(["run", "--detach"])
        #expect(started.code == 0, "\(started)")
        defer { _ = try? pupCommand(["terminate"]) }
        for command in Self.commands {
          let result = try pupCommand(command.words)
          // The syntax of no service file has control characters.
          let isRefused = command.words[0] == "enable-service" && folder.utf8.contains { $0 < 0x20 }
          let (code, says) = isRefused ? (65, "contains a control character") : (command.code, command.says)
          #expect(result.code == code, "\(command.words): \(result)")
          #expect((result.output + result.error).contains(says), "\(command.words): \(result)")
        }
        let monitor = try pup.background(["monitor"] + ["--config", file], output: "monitor")
        try pup.untilSeen("monitor", "two") { _ = try pupCommand(["restart", "two"]) }
        monitor.signal(SIGINT)
        _ = monitor.wait(seconds: 10)
        let ended = try pupCommand(["terminate"])
        #expect(ended.code == 0 && ended.output.contains("has ended"), "\(ended)")
        for command in Self.commandsAfterTheEnd {
          let result = try pupCommand(command.words)
          #expect(result.code == command.code, "\(command.words): \(result)")
          #expect((result.output + result.error).contains(command.says), "\(command.words): \(result)")
        }
        #expect(try pupCommand(["status"]).code == 69)
      }
    }

    /// Where not all of Pup's files could be named, nothing is begun.
    @Test(arguments: [["run"], ["run", "--detach"], ["enable-service", "--dry-run", "--system", "--manager", "systemd"]])
    func aFolderBeyondTheLongestIsRefused(words: [String]) throws {
      try Pup.test { pup in
        let folder = try Self.make(Name(text: "x", length: Self.longest + 1, testDescription: ""), below: pup.folder)
        try Self.write(Self.configuration, to: folder)
        let result = try pup.command(words, directory: folder)
        #expect(result.code == 65 && result.error.contains("with more than 4038 there is no room"), "\(result)")
        #expect(access("\(folder)/.pup", F_OK) != 0)
      }
    }

    /// The programs of a Pup that was killed are found, ended or taken over in such a folder, too.
    @Test func survivorsInTheLongestFolderAreTakenOver() throws {
      try Pup.test { pup in
        pup.environment["PUP_LIBEXEC"] = nil
        let folder = try Self.make(Name(text: "x", length: Self.longest, testDescription: ""), below: pup.folder)
        try Self.write(Self.configuration, to: folder)
        #expect(try pup.command(["run", "--detach"], seconds: 30, directory: folder).code == 0)
        defer { _ = try? pup.command(["terminate"], directory: folder) }
        let program = try Self.program("one", pup, folder)
        try Self.killPup(pup, folder)
        #expect(try pup.command(["status"], directory: folder).error.contains("1 program still runs"))
        #expect(try pup.command(["run", "--detach"], seconds: 30, directory: folder).code == 0)
        #expect(try Self.program("one", pup, folder) == program)
        try Self.killPup(pup, folder)
        let swept = try pup.command(["sweep"], seconds: 30, directory: folder)
        #expect(swept.code == 0 && swept.output.contains("one: stopped"), "\(swept)")
      }
    }

    // MARK: -

    private static func program(_ id: String, _ pup: Pup, _ folder: String) throws -> Int32 {
      let row = pup.row(id, of: try pup.command(["status"], directory: folder).output)
      return try #require(Int32(row.dropFirst(2).first ?? ""))
    }

    /// Its two processes at once, so that neither replaces the other.
    private static func killPup(_ pup: Pup, _ folder: String) throws {
      let live = try #require(try pup.json("list", "--json").arrayValue?.first { $0["directory"]?.stringValue == folder })
      let keeper = Int32(try #require(live["pid"]?.integerValue))
      try Processes.stop(keeper)
      let brains = (ProcFiles.entries(of: "/proc") ?? []).filter {
        ProcFiles.stat(of: $0)?.parent == keeper && Processes.name($0).hasPrefix("pup-superv")
      }
      for pid in brains + [keeper] {
        Processes.kill(pid)
        #expect(Processes.waitForEnd(pid, seconds: 5))
      }
    }

    private static func make(_ name: Name, below parent: String) throws -> String {
      var folder = parent
      while true {
        let missing = name.length - folder.utf8.count - 1 - name.text.utf8.count
        if missing <= 0 { break }
        folder += "/" + String(repeating: "x", count: min(200, max(1, missing - 1)))
        try Files.makeFolder(folder)
      }
      try Files.makeFolder("\(folder)/\(name.text)")
      return "\(folder)/\(name.text)"
    }

    private static func write(_ text: String, to folder: String) throws { try Files.write(text, to: "\(folder)/pup.json") }
  }
}
