internal import CLinux
internal import Glibc
import PupBasics
internal import PupInstance
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// What somebody else has made where Pup keeps its files gets none of Pup's rights, and nobody else's process is touched.
  @Suite struct HostileFolderTests {
    private static let stranger: uid_t = 61_234

    /// What a stranger has prepared in a folder where everybody may write.
    struct Trap: CustomTestStringConvertible, Sendable {
      var name: String
      /// What the message has to name, below the folder.
      var names: String
      var prepare: @Sendable (_ folder: String) throws -> Void

      var testDescription: String { name }
    }

    private static let data = ".pup/task.adhoc-data"

    private static let traps: [Trap] = [
      Trap(name: "all of .pup", names: ".pup") { folder in
        try make(folder, ".pup", ".pup/task.adhoc-data", ".pup/task.adhoc-tmp", "run")
        try Files.write(String(repeating: "A", count: 88), to: "\(folder)/\(data)/.main.secret", mode: 0o600)
        try Files.write("\(folder)/run\n\(RuntimeFiles.bootID)\n", to: "\(folder)/.pup/task.adhoc-tmp/.main.keep")
        for name in ["state", "streams", "sinks", "instance.new"] {
          try Files.write("", to: "\(folder)/run/\(name)", mode: 0o666)
        }
        give(
          folder, ".pup", ".pup/task.adhoc-data", ".pup/task.adhoc-tmp", "run", "\(data)/.main.secret",
          ".pup/task.adhoc-tmp/.main.keep")
      },
      Trap(name: "the data folder", names: data) { folder in
        try make(folder, ".pup", data)
        give(folder, data)
      },
      Trap(name: "the temporary folder", names: ".pup/task.adhoc-tmp") { folder in
        try make(folder, ".pup", ".pup/task.adhoc-tmp")
        give(folder, ".pup/task.adhoc-tmp")
      },
      Trap(name: "the secret", names: "\(data)/.main.secret") { folder in
        try make(folder, ".pup", data)
        try Files.write(String(repeating: "A", count: 88), to: "\(folder)/\(data)/.main.secret", mode: 0o600)
        give(folder, "\(data)/.main.secret")
      },
      Trap(name: "a secret that is a link", names: "\(data)/.main.secret") { folder in
        try make(folder, ".pup", data)
        try Files.link("\(folder)/\(data)/.main.secret", to: "/etc/hostname")
      },
      Trap(name: "the lock", names: "\(data)/.main.lock") { folder in
        try make(folder, ".pup", data)
        try Files.write("", to: "\(folder)/\(data)/.main.lock", mode: 0o600)
        give(folder, "\(data)/.main.lock")
      },
      Trap(name: "a lock that waits for ever", names: "\(data)/.main.lock") { folder in
        try make(folder, ".pup", data)
        guard mkfifo("\(folder)/\(data)/.main.lock", 0o600) == 0 else { throw Failure("mkfifo: errno \(errno)") }
      },
      Trap(name: "a folder for the lock", names: "\(data)/.main.lock") { folder in
        try make(folder, ".pup", data, "\(data)/.main.lock")
      },
      Trap(name: "the logs", names: "\(data)/logs") { folder in
        try make(folder, ".pup", data, "\(data)/logs")
        give(folder, "\(data)/logs")
      },
      Trap(name: "logs elsewhere", names: "\(data)/logs") { folder in
        try make(folder, ".pup", data)
        try Files.link("\(folder)/\(data)/logs", to: "/tmp")
      },
      Trap(name: ".pup elsewhere", names: ".pup") { folder in try Files.link("\(folder)/.pup", to: "/tmp") },
      Trap(name: "a data folder for everybody", names: data) { folder in
        try make(folder, ".pup", data)
        chmod("\(folder)/\(data)", 0o777)
      },
      Trap(name: ".pup for everybody", names: ".pup") { folder in
        try make(folder, ".pup")
        chmod("\(folder)/.pup", 0o777)
      },
      Trap(name: "a parent that others may exchange", names: "") { folder in chmod(folder, 0o777) },
      Trap(name: "a stranger's folder", names: "") { folder in give(folder, "") },
    ]

    /// A volume of a container: its mode is what it is.
    @Test(.timeLimit(.minutes(5))) func aFolderForEverybodyIsTrustedOnRequest() throws {
      try Pup.test("{ processes: [ { id: 'one', cmd: 'true' } ] }") { pup in
        chmod(pup.folder, 0o777)
        let words = ["token", "create", "--consumer", "x", "--scope", "read", "--expire-in", "60"]
        let refused = try pup.command(words)
        #expect(refused.code == 77 && refused.error.contains("PUP_TRUST_FOLDERS=1"), "\(refused.error)")
        let trusted = try pup.command(words, prefix: ["env", "PUP_TRUST_FOLDERS=1"])
        #expect(trusted.code == 0, "\(trusted.error)")
      }
    }

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)), arguments: traps)
    func nothingIsStartedThere(trap: Trap) throws {
      try Pup.test { pup in
        let folder = pup.path("shared")
        try Files.makeFolder(folder)
        chmod(folder, 0o1777)
        try trap.prepare(folder)
        let result = try pup.command(["run", "-A", "--", "sleep", "1000"], directory: folder)
        #expect(result.code == 77, "\(result.error)")
        let path = trap.names.isEmpty ? folder : "\(folder)/\(trap.names)"
        #expect(result.error.contains("\(path):"), "\(result.error)")
        #expect(!Files.exists("/run/pup/\(StableHash.digits(of: "\(folder)/\(Self.data)"))"))
      }
    }

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)))
    func aForgedStateFileEndsNobody() throws {
      try Pup.test { pup in
        let victim = try Child(
          ["sleep", "1000"], environment: pup.environment, directory: "/", output: 1, error: 2)
        defer { victim.signal(SIGKILL) }
        for owner in [0, Self.stranger] {
          let folder = pup.path("shared-\(owner)")
          try Files.makeFolder(folder)
          try Self.make(folder, ".pup", Self.data, ".pup/task.adhoc-tmp", "run")
          try Self.forgeState("\(folder)/run/state", victim: victim.pid)
          try Files.write("\(folder)/run\n\(RuntimeFiles.bootID)\n", to: "\(folder)/.pup/task.adhoc-tmp/.main.keep", mode: 0o600)
          for name in ["", ".pup", Self.data, ".pup/task.adhoc-tmp", ".pup/task.adhoc-tmp/.main.keep", "run", "run/state"] {
            chown("\(folder)/\(name)", owner, owner)
          }
          let result = try pup.command(["sweep"], directory: folder)
          // What is root's own says that it may be alive; nothing of a stranger's is believed.
          if owner == 0 { #expect(result.output.contains("pid \(victim.pid)"), "\(result.output)\(result.error)") }
          #expect(victim.ending == nil)
        }
        victim.signal(SIGKILL)
        #expect(victim.wait(seconds: 5) == .signaled(SIGKILL))
      }
    }

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)))
    func rootsCommandsOnAUsersFilesAreTheUsers() throws {
      try Pup.test("{ processes: [ { id: 'one', cmd: 'sleep 1000' } ] }") { pup in
        chmod(pup.folder, 0o755)
        try Self.make(pup.folder, ".pup", ".pup/pup.json-data")
        Self.give(pup.folder, "", ".pup", ".pup/pup.json-data")
        try pup.cli("token", "create", "--consumer", "x")
        for name in [".main.secret", ".main.store.db"] {
          var info = stat()
          #expect(lstat("\(pup.data)/\(name)", &info) == 0 && info.st_uid == Self.stranger, "\(name)")
        }
        // But root's programs do not live with a user's data.
        let result = try pup.command(["run"])
        #expect(
          result.code == 77 && result.error.contains("\(pup.folder)/.pup:") && result.error.contains("uid 61234"),
          "\(result.error)")
      }
    }

    /// What `append`, `remove` and `check` do with a file in a stranger's folder.
    private static let edits: [[String]] = [
      ["append", "--id", "late", "-A", "-C", "true"], ["remove", "one"], ["check"], ["check", "--json"],
      ["enable-service", "--dry-run", "--system", "--manager", "systemd"],
    ]

    private static let secret =
      "{ processes: [ { id: 'one', cmd: 'sleep 1000' }, { id: 'hidden-word', cmd: 'true', nonsense: 1 } ] }"

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)), arguments: edits)
    func aStrangersLinkLeadsRootsCommandsNowhere(words: [String]) throws {
      try Pup.test { pup in
        chmod(pup.folder, 0o755)
        let victim = pup.path("victim")
        try Files.makeFolder(victim, mode: 0o700)
        try Files.write(Self.secret, to: "\(victim)/pup.json", mode: 0o600)
        try Files.makeFolder(pup.path("theirs"))
        try Files.link(pup.path("theirs/pup.json"), to: "\(victim)/pup.json")
        try Files.link(pup.path("theirs/current"), to: victim)
        Self.give(pup.folder, "theirs", "theirs/pup.json", "theirs/current")
        // A folder that its owner has closed is still its owner's.
        for (file, mode) in [("theirs/pup.json", 0o755), ("theirs/current/pup.json", 0o755), ("theirs/pup.json", 0)]
          as [(String, mode_t)]
        {
          chmod(pup.path("theirs"), mode)
          let result = try pup.command(words + ["--config", pup.path(file)])
          #expect(result.code == 65 && result.error.contains("(Permission denied)"), "\(file), mode \(mode): \(result)")
          #expect(!(result.output + result.error).contains("hidden-word"), "\(file): \(result)")
          #expect(Files.text("\(victim)/pup.json") == Self.secret)
        }
      }
    }

    /// Ways to root's folder that a stranger has made, although no folder on them is the stranger's.
    private static let ways = [
      "grouped/pup.json", "grouped/current/pup.json", "sticky/pup.json", "mine/pup.json", "mine/current/pup.json",
    ]

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)), arguments: ways)
    func aStrangersLinkInRootsFolderLeadsRootsCommandsNowhere(way: String) throws {
      try Pup.test { pup in
        chmod(pup.folder, 0o755)
        let victim = pup.path("victim")
        try Files.makeFolder(victim, mode: 0o700)
        try Files.write(Self.secret, to: "\(victim)/pup.json", mode: 0o600)
        for name in ["grouped", "sticky", "mine"] { try Files.makeFolder(pup.path(name)) }
        chown(pup.path("grouped"), 0, Self.stranger)
        chmod(pup.path("grouped"), 0o775)
        chmod(pup.path("sticky"), 0o1777)
        for name in ["grouped", "sticky"] {
          try Files.link(pup.path("\(name)/pup.json"), to: "\(victim)/pup.json")
          try Files.link(pup.path("\(name)/current"), to: victim)
          Self.give(pup.folder, "\(name)/pup.json", "\(name)/current")
          // Root's own links, to those of the stranger.
          try Files.link(pup.path("mine/pup.json"), to: pup.path("sticky/pup.json"))
          try Files.link(pup.path("mine/current"), to: "../sticky/current")
        }
        for words in Self.edits {
          let result = try pup.command(words + ["--config", pup.path(way)])
          #expect(result.code == 65 && result.error.contains("(Permission denied)"), "\(words): \(result)")
          #expect(result.error.contains("belongs to uid \(Self.stranger)"), "\(words): \(result)")
          #expect(!(result.output + result.error).contains("hidden-word"), "\(words): \(result)")
          #expect(Files.text("\(victim)/pup.json") == Self.secret)
        }
      }
    }

    /// Whose rights were used is said where they were missing, and nowhere else.
    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)))
    func anErrorOfTheFileIsNoErrorOfRights() throws {
      try Pup.test { pup in
        chmod(pup.folder, 0o755)
        try Files.makeFolder(pup.path("theirs"))
        try Files.write("{ processes: [ }", to: pup.path("theirs/pup.json"), mode: 0o644)
        Self.give(pup.folder, "theirs")
        for words in [["remove", "one"], ["check"], ["append", "--id", "late", "-A", "-C", "true"]] {
          let result = try pup.command(words, directory: pup.path("theirs"))
          #expect(result.code == 65 && !result.error.contains("rights"), "\(words): \(result)")
        }
        let missing = try pup.command(["check", "--config", pup.path("theirs/other.json")])
        #expect(missing.code == 65 && !missing.error.contains("rights"), "\(missing)")
      }
    }

    @Test(.enabled(if: Machine.isRoot, "needs root, to make files of another user"), .timeLimit(.minutes(5)))
    func aUsersConfigurationStaysTheUsersWhenRootEditsIt() throws {
      try Pup.test { pup in
        chmod(pup.folder, 0o755)
        try Files.makeFolder(pup.path("theirs"))
        Self.give(pup.folder, "theirs")
        let folder = pup.path("theirs")
        for words in [["init", "--id", "one", "-A", "-C", "true"]] + Self.edits {
          #expect(try pup.command(words, directory: folder).code == 0, "\(words)")
          var info = stat()
          #expect(
            lstat("\(folder)/pup.json", &info) == 0 && info.st_uid == Self.stranger && info.st_gid == Self.stranger, "\(words)")
        }
        #expect(Files.text("\(folder)/pup.json")?.contains("late") == true)
        #expect(Files.text("\(folder)/pup.json")?.contains("\"one\"") == false)
      }
    }

    /// Whichever command meets it: the same message and exit code.
    @Test(.timeLimit(.minutes(5))) func aSecretThatOthersCanReadIsRefusedAlike() throws {
      try Pup.test("{ processes: [ { id: 'one', cmd: 'sleep 1000' } ] }") { pup in
        func refuse(_ commands: [[String]]) throws {
          chmod("\(pup.data)/.main.secret", 0o644)
          for words in commands {
            let result = try pup.command(words)
            let message =
              "pup: \(pup.data)/.main.secret: others can read this secret (mode 644); run: chmod 600 '\(pup.data)/.main.secret'\n"
            #expect(result.code == 77 && result.error == message, "\(words): \(result)")
          }
          chmod("\(pup.data)/.main.secret", 0o600)
        }
        try pup.run()
        try refuse([
          ["status"], ["stop", "one"], ["why", "one"], ["history"], ["terminate"], ["token", "list"],
          ["token", "create", "--consumer", "x"],
        ])
        try pup.stop()
        try refuse([["run"], ["run", "--detach"], ["token", "create", "--consumer", "x"]])
      }
    }

    // MARK: -

    private static func make(_ folder: String, _ names: String...) throws {
      for name in names { try Files.makeFolder("\(folder)/\(name)", mode: 0o700) }
    }

    private static func give(_ folder: String, _ names: String...) {
      for name in names { lchown("\(folder)/\(name)", stranger, stranger) }
    }

    private static func forgeState(_ path: String, victim: Int32) throws {
      let descriptor = pup_open(path, O_RDWR | O_CREAT, 0o600)
      defer { close(descriptor) }
      _ = pup_allocate(descriptor, StateFile.size(processes: 4))
      let state = try StateFile(descriptor: descriptor)
      var header = StateHeader()
      header.begun = true
      header.bootID = RuntimeFiles.bootID
      try state.write(header)
      var run = RunRecord(
        generation: 1, rowOut: 0, rowErr: 1, graceNanoseconds: 0, timeoutNanoseconds: 1_000_000_000)
      run.pid = victim
      run.startTime = ProcFiles.stat(of: victim)?.startTime ?? 0
      try state.write(StateSlot(process: "task", record: [], runs: [run]), slot: 0)
    }
  }
}
