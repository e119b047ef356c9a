internal import Glibc
internal import PupCore
internal import PupLogs
internal import PupTestSupport
internal import Testing

extension Integration {
  @Suite struct ApiTerminateTests {
    /// A service manager sends SIGTERM to a Pup that is ending already: programs keep the time that is theirs.
    @Test(.timeLimit(.minutes(5))) func aSignalBehindARequestCutsNobodyShort() throws {
      let command = "trap 'sleep 1; echo clean > clean.txt; exit 0' TERM; echo up > up.txt; while :; do sleep 0.05; done"
      try Pup.test("{ processes: [ { id: 'slow', autostart: true, cmd: \"\(command)\" } ] }") { pup in
        try pup.run()
        try Files.wait(pup.folder, for: "the program's trap") { Files.exists(pup.path("up.txt")) }
        let terminate = try pup.background(["terminate"])
        try pup.wait(for: .terminate)
        Processes.kill(try pup.keeperPid(), SIGTERM)
        #expect(terminate.wait(seconds: 10) == .exited(0))
        #expect(Files.lines(pup.path("clean.txt")) == ["clean"])
      }
    }

    /// The end is decided: nobody is told to try again, or waits for it.
    @Test(.timeLimit(.minutes(5))) func whatComesWhileEverythingStopsIsRefusedAtOnce() throws {
      let command =
        "trap 'touch told.txt; while [ ! -e go.txt ]; do sleep 0.05; done; exit 0' TERM; echo up > up.txt; while :; do sleep 0.05; done"
      let processes = "{ id: 'slow', autostart: true, terminateTimeout: 60, cmd: \"\(command)\" }, { id: 'other', cmd: 'true' }"
      try Pup.test("{ processes: [ \(processes) ] }") { pup in
        try pup.run()
        try Files.wait(pup.folder, for: "the program's trap") { Files.exists(pup.path("up.txt")) }
        #expect(try pup.command(["terminate", "--no-wait"]).code == 0)
        try Files.wait(pup.folder, for: "the program's end to begin") { Files.exists(pup.path("told.txt")) }
        for words in [["start", "other"], ["restart", "slow"]] {
          let result = try pup.command(words)
          #expect(result.code == 1 && result.error.contains("everything is being stopped"), "\(words): \(result)")
        }
        let answer = try pup.call("POST", "/processes/other/start")
        #expect(answer.status == 409 && answer.code == "refused", "\(answer)")
        try Files.write("", to: pup.path("go.txt"))
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
      }
    }

    /// What is answered is carried out, whatever happens to the supervisor that answered; what it cannot take any more is not
    /// answered.
    @Test(.timeLimit(.minutes(5)), arguments: ["{ id: 'web', autostart: true, cmd: '\(Machine.child) --hold' }", ""])
    func whatIsAcceptedOutlivesTheSupervisor(processes: String) throws {
      try Pup.test("{ processes: [ \(processes) ] }") { pup in
        try pup.launch(["run"])
        try pup.awaitBrain()
        try pup.wait(for: .api, .info)
        _ = try pup.channel.send("hang")
        let unanswered = try WebConnection(path: pup.socketPath, seconds: 20)
        try unanswered.send("POST", "/terminate", token: pup.token())
        #expect(throws: Failure.self) { try unanswered.answer() }
        try pup.awaitBrain()
        #expect(try pup.call("POST", "/terminate").status == 200)
        Processes.kill(pup.brain)
        #expect(pup.process?.wait(seconds: 10) == .exited(0))
        #expect(pup.count(of: "everything is stopped (requested by operator)") >= 1)
      }
    }
  }
}
