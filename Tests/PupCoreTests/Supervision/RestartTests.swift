import PupCore
import Testing

@Suite struct RestartTests {
  @Test func alwaysRestartsAfterTheDelay() {
    var script = Script {
      $0.autostart = true
      $0.restart = .always
    }
    #expect(script.begin().spawns == [1])
    #expect(script.effects.changes == [.created, .starting])
    #expect(script.spawned().changes == [.running])
    #expect(script.ends().changes == [.finished])
    #expect(script.status.explanation == "finished: exit code 0; restarts in 10 s (restart policy always, restart 1)")
    #expect(script.wait(milliseconds: 9_999).spawns == [])
    #expect(script.wait(milliseconds: 1).spawns == [2])
    #expect(script.status.restarts == 1)
  }

  /// Who shows both leaves the line out.
  @Test func aLineThatSaysWhatAnEventSaysIsMarked() {
    var script = Script {
      $0.autostart = true
      $0.restart = .always
      $0.restartDelay = .zero
      $0.restartLimit = 0
    }
    #expect(script.begin().changeLines == [.starting])
    script.spawned()
    script.command(.restart)
    #expect(script.effects.changeLines == [.stopping])
    script.exited()
    #expect(script.treeEmpty().changeLines == [.finished, .starting])
    script.spawned(2)
    #expect(script.ends(2, code: 1).changeLines == [.errored, .exhausted])
    #expect(script.effects.changes == [.errored, .exhausted])
    script.command(.stop)
    #expect(script.effects.changeLines == [] && script.effects.logs(.stop).count == 1)
  }

  @Test func noDelayMeansInTheSameStep() {
    var script = Script {
      $0.autostart = true
      $0.restart = .always
      $0.restartDelay = .zero
    }
    script.begin()
    script.spawned()
    #expect(script.exited(code: 1).spawns == [])
    let effects = script.treeEmpty()
    #expect(effects.spawns == [2])
    #expect(effects.releases == [1])
    #expect(effects.changes == [.errored, .starting])
    #expect(effects.changeActors == [.program, .restartPolicy])
  }

  @Test(arguments: [
    (ProcessPolicy.Restart.never, Int32(0), false), (.never, 1, false), (.onError, 0, false), (.onError, 1, true),
    (.always, 0, true),
    (.always, 1, true),
  ])
  func thePolicyDecides(restart: ProcessPolicy.Restart, code: Int32, restarts: Bool) {
    var script = Script {
      $0.autostart = true
      $0.restart = restart
      $0.restartDelay = .zero
    }
    script.begin()
    script.spawned()
    #expect(script.ends(code: code).spawns == (restarts ? [2] : []))
    #expect(script.effects.changes.first == (code == 0 ? .finished : .errored))
  }

  @Test func theLimitExhausts() {
    var script = Script {
      $0.autostart = true
      $0.restart = .onError
      $0.restartDelay = .zero
      $0.restartLimit = 2
    }
    script.begin()
    for generation in 1...2 as ClosedRange<UInt32> {
      script.spawned(generation)
      #expect(script.ends(generation, code: 3).spawns == [generation + 1])
    }
    script.spawned(3)
    #expect(script.ends(3, code: 3).spawns == [])
    #expect(script.effects.changes == [.errored, .exhausted])
    #expect(script.status.explanation == "exhausted: exit code 3, after 2 restarts, which is its limit; start it to try again")
    #expect(script.effects.logs(.exhausted).count == 1 && script.effects.logs(.errored).count == 1)
    #expect(script.command(.start) == .accepted)
    #expect(script.effects.spawns == [4])
    #expect(script.status.restarts == 0)
  }

  @Test func aStopOfAnExhaustedOneLeavesItsReason() {
    var script = Script {
      $0.autostart = true
      $0.restart = .onError
      $0.restartDelay = .zero
      $0.restartLimit = 1
    }
    script.begin()
    script.spawned()
    script.ends(code: 3)
    script.spawned(2)
    script.ends(2, code: 3)
    #expect(script.state == .exhausted)
    #expect(script.command(.stop) == .accepted)
    #expect(script.status.restarts == 1)
    #expect(script.status.explanation.hasPrefix("exhausted: exit code 3, after 1 restart, which is its limit; stays stopped"))
    #expect(script.command(.start) == .accepted)
    #expect(script.status.restarts == 0)
  }

  @Test func aSpawnFailureIsAnErrorAndNeverAHotLoop() {
    var script = Script {
      $0.autostart = true
      $0.restart = .always
      $0.restartDelay = .zero
    }
    script.begin()
    #expect(script.failed().spawns == [])
    #expect(script.effects.releases == [1])
    #expect(script.state == .errored)
    #expect(script.effects.changeActors == [.autostart], "the program is not the cause: it never started")
    #expect(script.status.lastExit == .unknown)
    #expect(
      script.status.explanation
        == "failed: could not be started: exec /bin/nothing: No such file or directory; restarts in 1 s (restart policy always, restart 1)"
    )
    #expect(script.wait(milliseconds: 999).spawns == [])
    #expect(script.wait(milliseconds: 1).spawns == [2])
  }

  @Test func anUnaskedSignalIsAnError() {
    var script = Script { $0.autostart = true }
    script.begin()
    script.spawned()
    script.put(.exited(script.key(1), .signaled(signal: 11, dumpedCore: true)))
    script.treeEmpty()
    #expect(script.state == .errored)
    #expect(script.status.explanation == "failed: SIGSEGV (core dumped)")
  }
}
