internal import Glibc
internal import Testing

extension Integration {
  /// `pup run` by hand, at a terminal.
  @Suite struct TerminalTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --append runs run --print-pid --hold' } ] }
      """

    private func test(_ configuration: String = configuration, _ body: (Pup, Child, Terminal) throws -> Void) throws {
      try Pup.test(configuration) { pup in
        let terminal = try Terminal()
        pup.environment["TERM"] = "xterm"
        let child = try pup.launch(["run"], terminal: terminal.path)
        try pup.awaitBrain()
        try pup.waitForFile("runs")
        try body(pup, child, terminal)
      }
    }

    @Test(.timeLimit(.minutes(5))) func controlCStops() throws {
      try test { pup, child, terminal in
        let pid = try pup.pid("one")
        terminal.type("\u{3}")
        // The supervisor is not hit by it: it says goodbye.
        try terminal.wait(for: "everything is stopped (requested by SIGINT)")
        #expect(child.wait(seconds: 10) == .exited(0))
        #expect(!Processes.isAlive(pid))
      }
    }

    /// Each wait fails when its time is over.
    @Test(.timeLimit(.minutes(5))) func coloursAreForPeople() throws {
      try test { pup, _, terminal in
        try terminal.wait(for: "\u{1B}[32m")
        try terminal.wait(for: "[one:stdout] pid ")
        try pup.stop()
      }
    }

    /// The window was closed: what was started from it goes with it.
    @Test(.timeLimit(.minutes(5))) func hangUpStops() throws {
      try test { pup, child, terminal in
        let pid = try pup.pid("one")
        terminal.hangUp()
        #expect(child.wait(seconds: 10) == .exited(0))
        #expect(!Processes.isAlive(pid))
      }
    }

    /// Nobody reads: the programs do not wait for that.
    @Test(.timeLimit(.minutes(5))) func stoppedScreenHoldsUpNobody() throws {
      try test(
        """
        { processes: [ { id: 'one', autostart: true, restart: 'error',
          cmd: '\(Machine.child) --append runs run; \(Machine.child) --spew 100000; echo yes > done' } ] }
        """
      ) { pup, _, _ in
        try pup.waitForFile("done", seconds: 20)
        try pup.reach("one", "finished")
        // What a program wrote last is read behind its end; Pup ends when all of it is stored.
        try pup.stop()
        var check = LineCheck(id: "one")
        check.read(store: "\(pup.data)/logs/one")
        #expect(check.out.lines == 100_000 && check.out.problems.isEmpty)
      }
    }
  }
}
