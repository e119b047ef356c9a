internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// `pup upgrade`, with other programs beside the ones that run.
  @Suite struct CliUpgradeTests {
    private static let configuration = """
      { terminateTimeout: 2, processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    private func test(_ body: (Pup) throws -> Void) throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        try body(pup)
        #expect(try Processes.isAlive(pup.pid("web")), "no process is stopped")
        try pup.stopKeeper()
      }
    }

    /// A copy that differs in its last byte runs as well.
    private func install(_ name: String, as target: String, _ pup: Pup, changed: Bool) throws {
      guard var bytes = Files.bytes("\(Machine.binaries)/\(name)") else { throw Failure("no \(name)") }
      if changed { bytes.append(0) }
      unlink(pup.path("libexec/\(target)"))
      try Files.write(bytes, to: pup.path("libexec/\(target)"), mode: 0o755)
    }

    @Test(.timeLimit(.minutes(5))) func handsOver() throws {
      try test { pup in
        #expect(try pup.command(["upgrade", "--check"]).code == 0)
        try install("testbrain", as: "pup-supervisor", pup, changed: false)
        #expect(try pup.cli("upgrade", "--check").contains("nothing to do"), "the same program, installed again")
        try install("testbrain", as: "pup-supervisor", pup, changed: true)
        try install("pup-keeper", as: "pup-keeper", pup, changed: true)
        let check = try pup.command(["upgrade", "--check"])
        #expect(check.code == 1 && check.output.contains("pup-supervisor  another one is installed"))
        let (keeper, old) = (try pup.keeperPid(), pup.brain)
        let said = try pup.cli("upgrade")
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(pup.brain != old && !Processes.isAlive(old))
        #expect(said.contains("Pup (pid \(keeper)) runs version") && said.contains("supervisor \(pup.brain)"), "\(said)")
        #expect(Processes.target(ofLink: "/proc/\(pup.brain)/exe") == pup.path("libexec/pup-supervisor"))
        #expect(Processes.target(ofLink: "/proc/\(keeper)/exe") == pup.path("libexec/pup-keeper"))
        #expect(try pup.cli("update", "--check").contains("nothing to do"))
      }
    }

    /// Each program, each way to be no program: all stays as it was, and the next upgrade with good ones works.
    @Test(
      .timeLimit(.minutes(6)), arguments: ["pup-supervisor", "pup-keeper", "pup-init"],
      ["missing", "false", "true", "garbage", "empty", "half", "mode"])
    func whatCannotWorkIsRefused(program: String, how: String) throws {
      try test { pup in
        let (old, path) = (pup.brain, pup.path("libexec/\(program)"))
        guard let good = Files.bytes(Self.origin(of: program)) else { throw Failure("no \(program)") }
        unlink(path)
        switch how {
        case "false", "true": try Files.link(path, to: "/bin/\(how)")
        case "garbage": try Files.write((0..<4096).map { _ in UInt8.random(in: 0...255) }, to: path, mode: 0o755)
        case "empty": try Files.write("", to: path, mode: 0o755)
        case "half": try Files.write(Array(good.prefix(good.count / 2)), to: path, mode: 0o755)
        case "mode": try Files.write(good, to: path, mode: 0o644)
        default: break
        }
        let result = try pup.command(["upgrade"], seconds: 40)
        #expect(result.code == 1 && result.output.isEmpty, "\(result)")
        #expect(result.error.contains("upgrade refused"), "\(result.error)")
        #expect(Processes.isAlive(old))
        #expect(try pup.cli("restart", "web").contains("web"))
        try install(program == "pup-supervisor" ? "testbrain" : program, as: program, pup, changed: true)
        #expect(try pup.cli("upgrade").contains("no process was stopped"))
        try pup.awaitBrain()
        try pup.awaitSupervision()
        #expect(try pup.cli("upgrade", "--check").contains("nothing to do"))
      }
    }

    private static func origin(of program: String) -> String {
      "\(Machine.binaries)/\(program == "pup-supervisor" ? "testbrain" : program)"
    }

    /// Also after several upgrades, a keeper that a supervisor has started, and a supervisor's death.
    @Test(.timeLimit(.minutes(5))) func checkIsRightWhateverHappened() throws {
      try test { pup in
        func expectNothingToDo() throws { #expect(try pup.cli("upgrade", "--check").contains("nothing to do")) }
        for _ in 0..<3 {
          for name in ["pup-keeper", "pup-init"] { try install(name, as: name, pup, changed: true) }
          #expect(try pup.command(["upgrade", "--check"]).output.contains("pup-init        another one is installed"))
          _ = try pup.cli("upgrade")
          try pup.awaitBrain()
          try pup.awaitSupervision()
          try expectNothingToDo()
          _ = try pup.cli("upgrade")
          try pup.awaitBrain()
          try pup.awaitSupervision()
          try expectNothingToDo()
          try install("pup-init", as: "pup-init", pup, changed: false)
          _ = try pup.cli("upgrade")
          try pup.awaitBrain()
          try pup.awaitSupervision()
          try expectNothingToDo()
        }
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision()
        try expectNothingToDo()
        let keeper = try pup.keeperPid()
        try pup.killKeeper()
        try pup.wait(for: .keeper, naming: "pid \(keeper)")
        try expectNothingToDo()
      }
    }
  }
}
