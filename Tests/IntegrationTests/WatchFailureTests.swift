internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// The kernel has no room for another watch (`fs.epoll.max_user_watches`).
  @Suite(.enabled(if: Tracer.canFailCalls, "needs ptrace(2), on x86-64"))
  struct WatchFailureTests {
    enum Tree: String, CaseIterable {
      case cgroup, initProcess, both

      static let possible = allCases.filter { Machine.usesCgroups || $0 == .initProcess }

      /// One more watches whether the program is executed.
      var watches: Int { self == .both ? 4 : 3 }
    }

    private static let key = EntryKey(slot: 3, generation: 7)

    @Test(.timeLimit(.minutes(5)), arguments: Tree.possible) func aRunThatCannotBeWatchedIsNotStarted(tree: Tree) throws {
      try KeeperBench.test(cgroups: tree != .initProcess) { bench in
        for number in 0..<tree.watches {
          let key = EntryKey(slot: 3, generation: UInt32(7 + number))
          let tracer = try Tracer(stopping: bench.pid)
          try bench.requestStart(["sleep", "100"], key, cgroup: "one.\(key.generation)", plugin: tree == .both)
          try tracer.fail(after: number, errno: ENOSPC, Tracer.SystemCall.addsAWatch)
          tracer.letGo()
          let outcome = try bench.outcome(of: key)
          #expect(outcome == .spawnFailed(key, SpawnError(.watch, errno: ENOSPC)), "watch \(number)")
          for process in ProcFiles.descendants(of: bench.pid) { #expect(Processes.waitForEnd(process, seconds: 5)) }
          try bench.send(.forget(key))
        }
        // The keeper is none the worse for it, and leaves nothing.
        let key = EntryKey(slot: 3, generation: 99)
        _ = try bench.start([Machine.child, "--exit", "3"], key, cgroup: "one.99", plugin: tree == .both)
        #expect(try bench.exit(of: key).value == 3)
        try bench.end()
      }
    }

    /// It lives, so it cannot fail; its end is noticed all the same.
    @Test(.timeLimit(.minutes(5)), arguments: Tree.possible) func aRunThatIsTakenOverIsWatchedLater(tree: Tree) throws {
      try KeeperBench.test(cgroups: tree != .initProcess) { bench in
        let (pid, initPid) = try bench.start(["sleep", "100"], Self.key, cgroup: "one.7", plugin: tree == .both)
        var run = InventoryEntry(key: Self.key, phase: .running)
        (run.pid, run.startTime) = (pid, ProcFiles.stat(of: pid)?.startTime ?? 0)
        if initPid > 0 { (run.initPid, run.initStartTime) = (initPid, ProcFiles.stat(of: initPid)?.startTime ?? 0) }
        run.cgroup = "one.7"
        try bench.replaceKeeper(orphans: [initPid, pid].filter { $0 > 0 })
        let tracer = try Tracer(stopping: bench.pid)
        try bench.send(.adopt(run, graceNanoseconds: 0, timeoutNanoseconds: 1_000_000_000))
        for _ in 0..<tree.watches - 1 { try tracer.fail(after: 0, errno: ENOSPC, Tracer.SystemCall.addsAWatch) }
        tracer.letGo()
        guard case .adopted(let adopted) = try bench.receive(where: { if case .adopted = $0 { true } else { false } }) else {
          return
        }
        #expect(adopted.phase == .running && adopted.pid == pid)
        Processes.kill(pid)
        _ = try bench.exit(of: Self.key)
        try bench.end()
      }
    }
  }
}
