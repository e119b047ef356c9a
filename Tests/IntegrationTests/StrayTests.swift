internal import Glibc
internal import PupCore
internal import PupSystem
internal import Testing

extension Integration {
  /// Programs that are root move themselves out of their cgroups. They end with their runs all the same, or it is said that they
  /// do not.
  @Suite(
    .enabled(if: Machine.usesCgroups, "only root can move a process into the root cgroup, and only where there is cgroup v2"))
  struct StrayTests {
    /// `leave.sh HOW`: starts a process that leaves the cgroup, and goes on, or ends, as a leader.
    private static func script(_ mount: String) -> String {
      """
      #!/bin/sh
      case "$1" in
      gone) echo $$ > '\(mount)/cgroup.procs'; echo $$ >> left; exec sleep 1000 ;;
      child) sh leave.sh gone & ;;
      deaf) (trap '' TERM; sh leave.sh gone) & ;;
      orphan) (setsid sh leave.sh gone &) ;;
      cleared) (setsid env -i PATH="$PATH" sh leave.sh gone &) ;;
      again) (setsid sh -c 'sh leave.sh gone & sh leave.sh gone & exec sh leave.sh gone' &) ;;
      brief) (setsid sh leave.sh gone &); while [ ! -s left ]; do sleep 0.01; done; exit 0 ;;
      esac
      exec sleep 1000
      """
    }

    private func test(
      _ how: String, leaving count: Int = 1, seconds: Int = 2, _ body: (Pup, [Int32]) throws -> Void
    ) throws {
      let configuration = """
        { terminateTimeout: \(seconds), processes: [
          { id: 'innocent', autostart: true, cmd: 'sleep 1000' },
          { id: 'web', cmd: 'sh leave.sh \(how)' } ] }
        """
      guard let mount = Machine.cgroupMount else { return }
      try Pup.test(configuration) { pup in
        try Files.write(Self.script(mount), to: pup.path("leave.sh"))
        try pup.run()
        #expect(try pup.tell("start", "web") == "accepted")
        try Files.wait(pup.folder, for: "who leaves", seconds: 10) { Files.lines(pup.path("left")).count >= count }
        let left = Files.lines(pup.path("left")).compactMap { Int32($0) }
        defer { for pid in left where Processes.isAlive(pid) { Processes.kill(pid) } }
        try body(pup, left)
        #expect(try pup.status("innocent").state == "running")
        let innocent = try pup.pid("innocent")
        #expect(Processes.isAlive(innocent))
        try pup.stop()
        #expect(!Processes.anyIsAlive(left))
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [("child", 1), ("orphan", 1), ("again", 3)])
    func stopEndsThem(how: String, count: Int) throws {
      try test(how, leaving: count) { pup, left in
        try pup.reach("web", "running")
        let result = try pup.command(["stop", "web"])
        #expect(result.code == 0)
        #expect(!Processes.anyIsAlive(left), "told as stopped: \(result.output)")
        #expect(pup.complaints.contains("has left the cgroup of run"))
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [SIGKILL, SIGUSR1]) func neitherBrainNorKeeperForgetsThem(signal: Int32) throws {
      try test("orphan") { pup, left in
        try pup.reach("web", "running")
        Processes.kill(signal == SIGKILL ? pup.brain : try pup.keeperPid(), signal)
        if signal == SIGKILL { try pup.awaitBrain() }
        try pup.awaitSupervision()
        #expect(try pup.command(["stop", "web"]).code == 0)
        #expect(!Processes.anyIsAlive(left))
      }
    }

    /// Whoever asks why the stop takes so long is told what is left.
    @Test(.timeLimit(.minutes(5))) func whyNamesThem() throws {
      try test("deaf", seconds: 30) { pup, left in
        try pup.reach("web", "running")
        #expect(try pup.command(["stop", "web", "--no-wait"]).code == 0)
        try pup.wait(for: .stray, in: "web")
        let why = try pup.command(["why", "web"])
        #expect(
          why.code == 0 && why.output.contains("strays   pid \(left[0]) (sleep) has left its cgroup, and ends with the run"),
          "\(why)")
        let status = try pup.command(["status", "web", "--json"])
        #expect(status.output.contains(#""strays":[{"pid":\#(left[0]),"name":"sleep"}]"#), "\(status)")
        Processes.kill(left[0])
        try pup.reach("web", "finished")
        #expect(try !pup.command(["why", "web"]).output.contains("strays"))
      }
    }

    /// What a program leaves behind when it ends by itself is ended as well.
    @Test(.timeLimit(.minutes(5))) func theyEndWithALeaderThatEnds() throws {
      try test("brief") { pup, left in
        try pup.reach("web", "finished")
        #expect(!Processes.anyIsAlive(left))
      }
    }

    /// Its parent is dead, its session its own, its environment empty, and two programs run: nobody can say whose it is.
    @Test(.timeLimit(.minutes(5))) func whatCannotBeToldIsReported() throws {
      try test("cleared") { pup, left in
        try pup.reach("web", "running")
        let result = try pup.command(["stop", "web"])
        #expect(result.code == 1, "\(result)")
        #expect((result.output + result.error).contains("process \(left[0]) (sleep) has left the tree"), "\(result)")
        try pup.wait(for: .stray, naming: "process \(left[0]) (sleep)")
        try pup.reach("web", "finished")
        #expect(Processes.isAlive(left[0]))
      }
    }

    /// `terminate` ends everything.
    @Test(.timeLimit(.minutes(5)), arguments: ["child", "orphan", "cleared"]) func theEndOfPupIsTheirs(how: String) throws {
      try test(how) { pup, _ in try pup.reach("web", "running") }
    }
  }
}
