internal import Glibc
internal import PupSystem
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
        let pid = try pup.pid("web")
        try body(pup)
        #expect(Processes.isAlive(pid), "no process is stopped")
        try pup.stop()
      }
    }

    /// A copy that differs in its last byte runs as well.
    private func install(_ name: String, as target: String, _ pup: Pup, changed: Bool) throws {
      guard var bytes = Files.bytes("\(Machine.binaries)/\(name)") else { throw Failure("no \(name)") }
      if changed { bytes.append(0) }
      unlink(pup.path("libexec/\(target)"))
      try Files.write(bytes, to: pup.path("libexec/\(target)"), mode: 0o755)
    }

    @Test(.timeLimit(.minutes(1))) func handsOver() throws {
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

    @Test(.timeLimit(.minutes(1)), arguments: ["missing", "false", "garbage"])
    func whatCannotStartIsRefused(how: String) throws {
      try test { pup in
        let old = pup.brain
        unlink(pup.path("libexec/pup-supervisor"))
        if how == "false" { try Files.link(pup.path("libexec/pup-supervisor"), to: "/bin/false") }
        if how == "garbage" { try Files.write("no program", to: pup.path("libexec/pup-supervisor"), mode: 0o755) }
        let result = try pup.command(["upgrade"], seconds: 40)
        #expect(result.code == 1 && result.output.isEmpty, "\(result)")
        #expect(result.error.contains("refused") || result.error.contains("cannot start"), "\(result.error)")
        #expect(Processes.isAlive(old))
        #expect(try pup.cli("status").contains("web"))
      }
    }
  }
}
