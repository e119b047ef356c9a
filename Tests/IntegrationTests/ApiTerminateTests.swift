internal import Glibc
internal import Testing

extension Integration {
  @Suite struct ApiTerminateTests {
    /// A service manager sends SIGTERM to a Pup that is ending already: programs keep the time that is theirs.
    @Test(.timeLimit(.minutes(1))) func aSignalBehindARequestCutsNobodyShort() throws {
      let command = "trap 'sleep 1; echo clean > clean.txt; exit 0' TERM; echo up > up.txt; while :; do sleep 0.05; done"
      try Pup.test("{ processes: [ { id: 'slow', autostart: true, cmd: \"\(command)\" } ] }") { pup in
        try pup.run()
        try Files.wait(pup.folder, for: "the program's trap") { Files.exists(pup.path("up.txt")) }
        let terminate = try pup.background(["terminate"])
        try pup.wait(for: "stopping everything")
        Processes.kill(try pup.keeperPid(), SIGTERM)
        #expect(terminate.wait(seconds: 10) == .exited(0))
        #expect(Files.lines(pup.path("clean.txt")) == ["clean"])
      }
    }
  }
}
