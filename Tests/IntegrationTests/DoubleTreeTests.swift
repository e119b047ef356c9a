internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// A run that has a cgroup and, in it, a pup-init.
  @Suite(.enabled(if: Machine.usesCgroups, "needs a cgroup v2 that may be written"))
  struct DoubleTreeTests {
    private static let key = EntryKey(slot: 3, generation: 7)
    private static let name = "one.7"
    private static let program = [Machine.child, "--on-term", "0", "--on-term-code", "5", "--prompt", "ready", "--hold"]

    @Test(.timeLimit(.minutes(5))) func endsWithCodeAndUsage() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (pid, initPid) = try start(Self.program, bench)
        #expect(isInCgroup(pid, bench) && isInCgroup(initPid, bench))
        #expect(ProcFiles.stat(of: pid)?.parent == initPid)
        try expectItsCode(bench)
        #expect(Processes.waitForEnd(initPid, seconds: 5))
        // Answers only when no cgroup is left either.
        try bench.end()
      }
    }

    @Test(.timeLimit(.minutes(5))) func isKilledWithEverythingInIt() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (pid, initPid) = try start(["sh", "-c", "sleep 100 & setsid sleep 100 & echo ready; wait"], bench)
        let members = ProcFiles.descendants(of: initPid)
        #expect(members.count == 3)
        try bench.send(.signal(Self.key, signal: SIGKILL, scope: 2))
        let record = try bench.exit(of: Self.key)
        #expect(record.kind == .signaled && record.value == SIGKILL)
        #expect(!Processes.anyIsAlive(members + [pid, initPid]))
        try bench.end()
      }
    }

    /// The cgroup still knows the tree, and the keeper reaps the program itself.
    @Test(.timeLimit(.minutes(5))) func outlivesItsInit() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (pid, initPid) = try start(Self.program, bench)
        Processes.kill(initPid)
        #expect(Processes.waitForEnd(initPid, seconds: 5))
        try expectItsCode(bench)
        #expect(!Processes.isAlive(pid))
        try bench.end()
      }
    }

    @Test(.timeLimit(.minutes(5))) func surplusOfTheLeaderIsWaitedFor() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (_, initPid) = try start(["sh", "-c", "setsid sleep 100 & echo ready; exit 4"], bench)
        guard case .exited(_, let record) = try bench.receive(where: { if case .exited = $0 { true } else { false } }) else {
          return
        }
        #expect(record.value == 4)
        let left = ProcFiles.descendants(of: initPid).filter(Processes.isAlive)
        #expect(left.count == 1)
        try bench.send(.signal(Self.key, signal: SIGTERM, scope: 2))
        _ = try bench.receive { $0 == .treeEmpty(Self.key) }
        #expect(!Processes.anyIsAlive(left))
        try bench.send(.forget(Self.key))
        try bench.end()
      }
    }

    /// A process that leaves the cgroup, and whose parents are gone, still hangs below the pup-init.
    @Test(.timeLimit(.minutes(5))) func whatLeavesTheCgroupEndsWithIt() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let leave = "echo $$ >\(bench.cgroupBase)/../cgroup.procs; echo ready; exec sleep 100"
        let (_, initPid) = try start(["sh", "-c", "(setsid sh -c '\(leave)' &); exec sleep 100"], bench)
        let strays = ProcFiles.descendants(of: initPid).filter { !isInCgroup($0, bench) }
        #expect(strays.count == 1)
        try bench.send(.signal(Self.key, signal: SIGKILL, scope: 2))
        _ = try bench.exit(of: Self.key)
        #expect(!Processes.anyIsAlive(strays))
        try bench.end()
      }
    }

    @Test(.timeLimit(.minutes(5))) func survivesAnExecOfTheKeeper() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (_, initPid) = try start(Self.program, bench)
        Processes.kill(bench.pid, SIGUSR1)
        try expectItsCode(bench)
        #expect(
          Files.bytes("/proc/\(bench.pid)/cmdline")?.split(separator: 0).contains { $0.elementsEqual("--resume".utf8) } == true)
        #expect(Processes.waitForEnd(initPid, seconds: 5))
        try bench.end()
      }
    }

    /// - Parameter isTold: false where the keeper died before it told what it had started.
    @Test(.timeLimit(.minutes(5)), arguments: [true, false]) func isTakenOverByAnotherKeeper(isTold: Bool) throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (pid, initPid) = try start(Self.program, bench)
        let adopted = try replaceKeeper(pid, initPid, isTold: isTold, bench)
        #expect(adopted.phase == .running && adopted.pid == pid && adopted.initPid == initPid && adopted.cgroup == Self.name)
        try expectItsCode(bench)
        try bench.end()
      }
    }

    /// What is left of another try may have the run's name.
    @Test(.timeLimit(.minutes(5))) func emptyCgroupOfItsNameIsNotItsOwn() throws {
      try KeeperBench.test(cgroups: true) { bench in
        let (pid, initPid) = try start(Self.program, bench)
        // As where it could not be entered.
        for process in [initPid, pid] { try Files.write("\(process)", to: "\(bench.cgroupBase)/../cgroup.procs") }
        let adopted = try replaceKeeper(pid, initPid, bench)
        #expect(adopted.phase == .running && adopted.initPid == initPid && adopted.cgroup == "")
        try bench.send(.signal(Self.key, signal: SIGTERM, scope: 2))
        #expect(try bench.exit(of: Self.key).value == 5)
        rmdir("\(bench.cgroupBase)/\(Self.name)")
        try bench.end()
      }
    }

    // MARK: -

    /// Returns when the program has written something.
    private func start(_ words: [String], _ bench: KeeperBench) throws -> (pid: Int32, initPid: Int32) {
      let started = try bench.start(words, Self.key, cgroup: Self.name, plugin: true)
      guard started.initPid > 0 else { throw Failure("no pup-init") }
      try bench.awaitOutput(of: Self.key)
      return started
    }

    /// Answers what the new keeper has made of the run.
    /// - Parameter isTold: whether it is given the pids.
    private func replaceKeeper(
      _ pid: Int32, _ initPid: Int32, isTold: Bool = true, _ bench: KeeperBench
    ) throws -> InventoryEntry {
      var run = InventoryEntry(key: Self.key, phase: .running)
      if isTold {
        (run.pid, run.startTime) = (pid, ProcFiles.stat(of: pid)?.startTime ?? 0)
        (run.initPid, run.initStartTime) = (initPid, ProcFiles.stat(of: initPid)?.startTime ?? 0)
      }
      run.cgroup = Self.name
      try bench.replaceKeeper(orphans: [initPid, pid])
      try bench.send(.adopt(run, graceNanoseconds: 0, timeoutNanoseconds: 1_000_000_000))
      let answer = try bench.receive { if case .adopted = $0 { true } else { false } }
      guard case .adopted(let adopted) = answer else { throw Failure("not adopted: \(answer)") }
      return adopted
    }

    /// It ends when it is asked to, with its own code.
    private func expectItsCode(_ bench: KeeperBench) throws {
      try bench.send(.signal(Self.key, signal: SIGTERM, scope: 2))
      let record = try bench.exit(of: Self.key)
      #expect(record.kind == .exited && record.value == 5 && record.isUsageKnown)
    }

    private func isInCgroup(_ pid: Int32, _ bench: KeeperBench) -> Bool {
      CgroupFolder(path: "\(bench.cgroupBase)/\(Self.name)").contains(pid)
    }
  }
}
