internal import CLinux
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// The keeper died between starting a program and telling of it: nobody has written down what its pid is.
  @Suite struct UntoldRunTests {
    enum Trees: String, CaseIterable {
      case cgroups
      case initProcesses
    }

    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'one', autostart: true, restartDelayMs: 60000,
        cmd: '\(Machine.child) --append starts one --spew 3 --on-term 0 --on-term-code 7 --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5)), arguments: Trees.allCases)
    func nextRunTakesItOver(trees: Trees) throws {
      try Pup.test(Self.configuration) { pup in
        let pid = try startAndForget(pup, trees)
        try pup.run()
        try pup.wait(for: .takeover)
        try pup.reach("one", "running")
        #expect(try pup.pid("one") == pid)
        #expect(Files.lines(pup.path("starts")).count == 1)
        // Known well enough to be found once more.
        try pup.killKeeperAndBrain()
        try pup.run()
        try pup.wait(for: .takeover, count: 2)
        #expect(try pup.pid("one") == pid)
        // Its end is seen, with its code where there is a pup-init.
        #expect(Processes.isAlive(pid))
        Processes.kill(pid, SIGTERM)
        let line = try pup.wait(for: .errored, in: "one")
        if trees == .initProcesses || !Machine.usesCgroups { #expect(line.contains("exit code 7")) }
        try pup.stop()
        #expect(Files.lines(pup.path("starts")).count == 1)
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: Trees.allCases)
    func sweepEndsIt(trees: Trees) throws {
      try Pup.test(Self.configuration) { pup in
        let pid = try startAndForget(pup, trees)
        let swept = try pup.command(["sweep"])
        #expect(swept.code == 0)
        #expect(swept.output.contains("one: stopped"))
        #expect(Processes.waitForEnd(pid, seconds: 5))
      }
    }

    // MARK: -

    /// Leaves a program without keeper and brain, and takes what they knew of it out of the state file.
    private func startAndForget(_ pup: Pup, _ trees: Trees) throws -> Int32 {
      if trees == .initProcesses { pup.environment["PUP_CGROUPS"] = "off" }
      try pup.run()
      try pup.reach("one", "running")
      try Files.wait(pup.folder, for: "the first start") { Files.lines(pup.path("starts")).count == 1 }
      let pid = try pup.pid("one")
      try pup.killKeeperAndBrain()
      guard let folder = Files.lines("\(pup.temporary)/.main.keep").first else { throw Failure("no pointer file") }
      let descriptor = pup_open("\(folder)/state", O_RDWR, 0)
      defer { close(descriptor) }
      let state = try StateFile(descriptor: descriptor)
      guard var content = try state.read(slot: 0), content.runs.count == 1, content.runs[0].pid == pid else {
        throw Failure("not in the state file: \(pid)")
      }
      var run = RunRecord(
        generation: content.runs[0].generation, rowOut: content.runs[0].rowOut, rowErr: content.runs[0].rowErr,
        graceNanoseconds: content.runs[0].graceNanoseconds, timeoutNanoseconds: content.runs[0].timeoutNanoseconds)
      swap(&run, &content.runs[0])
      try state.write(content, slot: 0)
      return pid
    }
  }
}
