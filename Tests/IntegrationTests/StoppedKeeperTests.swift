internal import Glibc
internal import PupCore
internal import Testing

extension Integration {
  /// Somebody has stopped the keeper: nothing can be carried out, and every command says so while it waits.
  @Suite struct StoppedKeeperTests {
    @Test(.timeLimit(.minutes(5))) func whoWaitsIsToldWhatToDo() throws {
      try Pup.test("{ processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }") { pup in
        try pup.run()
        try pup.reach("web", "running")
        let keeper = try pup.keeperPid()
        try Processes.stop(keeper)
        defer { Processes.kill(keeper, SIGCONT) }
        let advice = "Pup's keeper (pid \(keeper)) is stopped (state T); resume it: kill -CONT \(keeper)"
        let status = try pup.command(["status"])
        #expect(status.code == 0 && status.error.contains(advice), "\(status)")
        let restart = try pup.command(["restart", "web", "--timeout", "1"])
        #expect(restart.code == 75, "\(restart)")
        // The command says it at once, and the answer again: other clients have nothing else.
        #expect(
          restart.error.hasPrefix("pup: \(advice)") && restart.error.contains("web: restart not done after 1 s"), "\(restart)")
        #expect(restart.error.split(separator: "\n").last?.contains(advice) == true, "\(restart)")
        let end = try pup.command(["terminate", "--timeout", "1"])
        #expect(end.code == 75 && end.error.contains(advice), "\(end)")
        #expect(try pup.wait(for: .keeper, naming: "pid \(keeper)").contains(advice))
        Processes.kill(keeper, SIGCONT)
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
      }
    }
  }
}
