import PupCore
import Testing

@Suite struct StoppingTests {
  private func running(_ change: (inout ProcessPolicy) -> Void = { _ in }) -> Script {
    var script = Script("a", change)
    script.begin()
    script.run()
    return script
  }

  @Test func termGoesToTheGroupThenToTheRestThenKill() {
    var script = running()
    script.command(.stop)
    #expect(script.effects.signals == ["15 group"])
    #expect(script.wait(milliseconds: 999).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["15 outsideGroup"])
    #expect(script.wait(milliseconds: 28_999).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["9 tree"])
    #expect(script.wait(milliseconds: 999).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["9 tree"])
    script.put(.exited(script.key(1), .signaled(signal: 9, dumpedCore: false)))
    #expect(script.state == .stopping)
    #expect(script.wait(milliseconds: 1000).signals == ["9 tree"])
    #expect(script.treeEmpty().changes == [.finished])
    #expect(
      script.status.explanation == "finished: stopped by ada (SIGKILL); stays stopped until it is started, because ada stopped it"
    )
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  @Test func theLeadersExitHurriesTheRest() {
    var script = running()
    script.command(.stop)
    #expect(script.exited().signals == ["15 outsideGroup"])
    #expect(script.wait(milliseconds: 1000).signals == [])
    #expect(script.wait(milliseconds: 29_000).signals == ["9 tree"])
    #expect(script.effects.logs(.stopping).count == 1)
  }

  @Test func theGracePeriodComesFirst() {
    var script = running {
      $0.gracePeriod = .seconds(5)
      $0.terminateTimeout = .seconds(8)
    }
    script.command(.stop)
    #expect(script.effects.signals == [])
    #expect(script.status.explanation == "stopping: requested by ada; SIGTERM in 5 s, SIGKILL in 8 s")
    #expect(script.wait(milliseconds: 5000).signals == ["15 group"])
    #expect(script.wait(milliseconds: 1000).signals == ["15 outsideGroup"])
    #expect(script.wait(milliseconds: 2000).signals == ["9 tree"])
  }

  @Test func aLeaderThatFinishesInItsGraceLeavesATreeThatIsEnded() {
    var script = running { $0.gracePeriod = .seconds(5) }
    script.command(.stop)
    #expect(script.exited().signals == ["15 tree"])
    #expect(script.treeEmpty().changes == [.finished])
  }

  @Test func aStopIsKeptWhileTheSpawnIsNotAnswered() {
    var script = Script()
    script.begin()
    script.command(.start)
    script.command(.stop)
    #expect(script.effects.signals == ["15 group"])
    #expect(script.spawned().changes == [])
    #expect(script.state == .stopping)
    #expect(script.ends(code: 1).changes == [.finished])
  }

  @Test func leftoversAreEndedBeforeTheNextRun() {
    var script = running {
      $0.restart = .always
      $0.restartDelay = .zero
    }
    #expect(script.exited(code: 1).signals == [])
    #expect(script.state == .running)
    script.wait(milliseconds: 100)
    #expect(script.effects.signals == ["15 tree"])
    #expect(script.effects.logs(.leftovers).first?.contains("left processes behind") == true)
    #expect(script.effects.spawns == [])
    #expect(script.wait(milliseconds: 4899).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["9 tree"])
    #expect(script.treeEmpty().spawns == [2])
  }

  /// The explanation and the log say what is wrong with a program that puts itself into the background.
  @Test(arguments: [(0, 9000, true), (0, 11_000, false), (1, 100, false)])
  func aDaemonIsToldToStayInTheForeground(code: Int, milliseconds: Int, isHinted: Bool) {
    let hint = "keep it in the foreground"
    var script = running { _ in }
    script.wait(milliseconds: Int64(milliseconds))
    script.exited(code: Int32(code))
    script.wait(milliseconds: 100)
    #expect(script.effects.logs(.leftovers).contains { $0.contains(hint) } == isHinted)
    let records = script.supervisor.takeChanged().map { try? ProcessRecord(decoding: $0.encoded()) }
    script.treeEmpty()
    #expect(script.status.explanation.contains(hint) == isHinted)
    // A supervisor that takes over in the meantime knows it, too.
    var later = Script()
    later.now = script.now
    later.put(.takeOver(records: records.compactMap { $0 }, runs: [later.key(1): .ended(.exited(code: Int32(code)))]))
    #expect(later.status.explanation.contains(hint) == isHinted)
  }

  @Test func keptLeftoversAreLeftAloneUntilAnOperatorStops() {
    var script = running {
      $0.restart = .always
      $0.restartDelay = .zero
      $0.leftovers = .keep
    }
    #expect(script.exited(code: 1).spawns == [2])
    #expect(script.effects.releases == [])
    script.spawned(2)
    #expect(script.wait(milliseconds: 100).signals == [])
    #expect(script.effects.logs(.leftovers).count == 1)
    script.command(.stop)
    #expect(script.effects.signals == ["15 tree", "15 group"])
    script.ends(2)
    #expect(script.state == .stopping)
    #expect(script.treeEmpty(1).releases == [1])
    #expect(script.status.heldByOperator)
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  @Test func keptRunsAreBounded() {
    var script = running {
      $0.restart = .always
      $0.restartDelay = .zero
      $0.leftovers = .keep
    }
    for generation in 1...15 as ClosedRange<UInt32> {
      script.spawned(generation)
      #expect(script.exited(generation).spawns == [generation + 1])
    }
    #expect(script.exited(16).spawns == [])
    #expect(script.effects.refusals.first?.contains("16 runs") == true)
  }

  @Test func theLongestRunEndsAndThePolicyStaysInForce() {
    var script = running {
      $0.timeout = .seconds(60)
      $0.restart = .always
      $0.restartDelay = .zero
    }
    #expect(script.wait(milliseconds: 59_999).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["15 group"])
    #expect(script.effects.changeActors == [.timeout])
    #expect(script.ends(code: 143).spawns == [2])
    #expect(!script.status.heldByOperator)
  }

  @Test func everythingStopsOnceAndOnlyOnce() {
    let ids = ["a", "b", "c"]
    var script = Script(
      ids.map { id in
        var policy = ProcessPolicy()
        policy.autostart = id != "c"
        policy.restart = .always
        return ProcessDefinition(id: ProcessID(id), policy: policy)
      })
    script.begin()
    script.put(.spawned(RunKey(id: ProcessID("a"), generation: 1), pid: 5))
    script.put(.terminate(.signal(15)))
    #expect(script.effects.signals.count == 2)
    #expect(!script.effects.contains(.allStopped))
    #expect(script.command(.start, "c")?.isRefused == true)
    script.ends()
    #expect(script.effects.spawns == [])
    script.put(.spawnFailed(RunKey(id: ProcessID("b"), generation: 1), SpawnFailure(stage: "exec", errno: 2, message: "no")))
    #expect(script.effects.last == .allStopped)
    #expect(!script.put(.terminate(.signal(15))).contains(.allStopped))
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  @Test func nothingRunningStopsAtOnce() {
    var script = Script()
    script.begin()
    #expect(script.put(.terminate(.signal(2))).last == .allStopped)
  }

  @Test func theSecondSignalKills() {
    var script = running()
    script.put(.terminate(.signal(2)))
    #expect(script.effects.signals == ["15 group"])
    #expect(script.put(.terminateNow(.signal(2))).signals == ["9 tree"])
    #expect(script.wait(milliseconds: 1000).signals == ["9 tree"])
    script.exited()
    #expect(script.treeEmpty().last == .allStopped)
  }
}

extension CommandAnswer {
  var isRefused: Bool {
    if case .refused(let obstacle) = self { !obstacle.words.isEmpty } else { false }
  }
}
