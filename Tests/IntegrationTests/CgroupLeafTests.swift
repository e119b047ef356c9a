internal import CLinux
internal import Glibc
internal import PupCore
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// Keeper and brain in a cgroup that was made for them, as a service manager does.
  @Suite(.enabled(if: Machine.usesCgroups, "needs a cgroup v2 that may be written"))
  struct CgroupLeafTests {
    private static let configuration = "{ processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --hold' } ] }"

    @Test(.timeLimit(.minutes(5))) func goIntoALeafBesideTheRuns() throws {
      try inUnit { unit, pup in
        try pup.run(prefix: unit.prefix)
        try check(unit, pup, supervisors: "/supervisor")
        // Also after both have died, wherever the next one is started; nothing nests deeper.
        let pid = try pup.pid("one")
        try pup.killKeeperAndBrain()
        try pup.run(prefix: unit.prefix)
        try pup.wait(for: .takeover)
        #expect(try pup.pid("one") == pid)
        try check(unit, pup, supervisors: "/supervisor")
        // An exec of the keeper changes nothing.
        Processes.kill(try pup.keeperPid(), SIGUSR1)
        #expect(try pup.tell("restart", "one") == "accepted")
        #expect(Processes.waitForEnd(pid, seconds: 5))
        try check(unit, pup, supervisors: "/supervisor")
        try pup.stop()
        #expect(unit.below.isEmpty)
      }
    }

    /// As systemd does with DelegateSubgroup=supervisor.
    @Test(.timeLimit(.minutes(5))) func startedInTheLeaf() throws {
      try inUnit { unit, pup in
        mkdir("\(unit.folder)/supervisor", 0o755)
        try pup.run(prefix: unit.prefix(below: "/supervisor"))
        try check(unit, pup, supervisors: "/supervisor")
        try pup.stop()
      }
    }

    /// As in a login session, where a shell is in the same cgroup.
    @Test(.timeLimit(.minutes(5))) func staysWhereSomebodyElseIs() throws {
      try inUnit { unit, pup in
        let null = pup_open("/dev/null", O_RDWR, 0)
        defer { close(null) }
        let other = try Child(
          ["sleep", "60"], environment: ["PATH": "/usr/bin:/bin"], directory: "/", output: null, error: null)
        defer {
          other.signal(SIGKILL)
          _ = other.wait(seconds: 5)
        }
        try Files.write("\(other.pid)", to: "\(unit.folder)/cgroup.procs")
        try pup.run(prefix: unit.prefix)
        try check(unit, pup, supervisors: "")
        #expect(!Files.exists("\(unit.folder)/supervisor"))
        try pup.stop()
        #expect(unit.below.isEmpty)
      }
    }

    @Test(.timeLimit(.minutes(5))) func sweepTakesTheLeafAway() throws {
      try inUnit { unit, pup in
        try pup.run(prefix: unit.prefix)
        try check(unit, pup, supervisors: "/supervisor")
        try pup.killKeeperAndBrain()
        #expect(try pup.command(["sweep"]).code == 0)
        #expect(unit.below.isEmpty)
      }
    }

    // MARK: -

    private struct Unit {
      let name: String
      var folder: String { (Machine.cgroupMount ?? "") + Machine.ownGroup + "/" + name }
      /// What is below it.
      var below: [String] { Files.names(in: folder).filter { Files.exists("\(folder)/\($0)/cgroup.procs") } }
      var prefix: [String] { prefix(below: "") }

      func prefix(below path: String) -> [String] {
        ["sh", "-c", "echo $$ >\(folder)\(path)/cgroup.procs && exec \"$@\"", "sh"]
      }
    }

    private func inUnit(_ body: (Unit, Pup) throws -> Void) throws {
      let unit = Unit(name: "pup-tests-\(UInt32.random(in: 0 ... .max))")
      guard mkdir(unit.folder, 0o755) == 0 else { throw Failure("mkdir \(unit.folder): errno \(errno)") }
      defer {
        // What has just been killed may be on its way out.
        let deadline = Deadline(seconds: 2)
        repeat {
          for name in unit.below { rmdir("\(unit.folder)/\(name)") }
        } while rmdir(unit.folder) != 0 && !deadline.hasPassed
        #expect(!Files.exists(unit.folder))
      }
      try Pup.test(Self.configuration) { pup in try body(unit, pup) }
    }

    private func check(_ unit: Unit, _ pup: Pup, supervisors: String) throws {
      try pup.reach("one", "running")
      #expect(group(of: try pup.keeperPid()) == "\(Machine.ownGroup)/\(unit.name)\(supervisors)")
      #expect(group(of: pup.brain) == "\(Machine.ownGroup)/\(unit.name)\(supervisors)")
      let run = group(of: try pup.pid("one")).split(separator: "/")
      #expect(run.count >= 3 && run[run.count - 3] == unit.name, "\(run)")
      #expect(run[run.count - 2].hasPrefix("pup-"), "\(run)")
    }

    private func group(of pid: Int32) -> String {
      Files.lines("/proc/\(pid)/cgroup").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) } ?? ""
    }
  }
}
