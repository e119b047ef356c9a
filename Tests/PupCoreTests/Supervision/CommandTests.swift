import PupCore
import Testing

@Suite struct CommandTests {
  @Test func anOperatorsStopSticks() throws {
    let everySecond = try CronSchedule(parsing: "* * * * * *", zone: .utc)
    var script = Script {
      $0.restart = .always
      $0.watches = true
      $0.cron = everySecond
    }
    script.begin()
    script.run()
    #expect(script.command(.stop) == .accepted)
    #expect(script.ends(code: 1).spawns == [])
    #expect(
      script.put(.fileChanged(ProcessID("A"), path: "x")).refusals == [
        "not started (a changed file): ada stopped it; start it to release it"
      ])
    #expect(script.wait(milliseconds: 1000).refusals == ["not started (cron): ada stopped it; start it to release it"])
    #expect(script.wait(milliseconds: 60_000).spawns == [])
    #expect(script.command(.stop) == .unchanged(.alreadyStopped))
    #expect(script.supervisor.desiredStates == [DesiredState(id: ProcessID("a"), heldBy: Script.operatorName)])
    #expect(script.command(.start) == .accepted)
    #expect(script.effects.spawns == [2])
    #expect(script.supervisor.desiredStates == [])
  }

  /// Decisions that change no state still belong in the history, and a schedule that will not start anything is not a next start.
  @Test func decisionsAboutADownProcessAreTold() throws {
    let everySecond = try CronSchedule(parsing: "* * * * * *", zone: .utc)
    var script = Script { $0.cron = everySecond }
    script.begin()
    #expect(script.status.nextStart != nil)
    script.command(.stop)
    #expect(script.effects.changes == [] && script.effects.decisions == [Script.operatorName])
    #expect(script.status.nextStart == nil)
    for action in [Command.Action.block, .unblock] {
      script.command(action)
      #expect(script.effects.changes == [] && script.effects.decisions == [Script.operatorName])
    }
    script.command(.unblock)
    #expect(script.effects.changes == [] && script.effects.decisions == [])
  }

  @Test func aHeldProcessIsNamedAndNotStarted() {
    var script = Script { $0.autostart = true }
    #expect(script.begin(held: .consumer("grace")).spawns == [])
    #expect(script.effects.refusals == ["not started (autostart): grace stopped it; start it to release it"])
    #expect(script.status.heldByOperator)
  }

  @Test func aBlockPreventsStartsAndLeavesTheRunAlone() {
    var script = Script { $0.restart = .always }
    script.begin()
    script.run()
    #expect(script.command(.block) == .accepted)
    #expect(script.effects.signals == [])
    #expect(script.command(.block)?.isUnchanged == true)
    #expect(script.state == .running)
    #expect(script.ends(code: 1).refusals == ["not started (the restart policy): blocked by ada; unblock it first"])
    #expect(script.command(.start) == .refused(.blocked(by: Script.operatorName)))
    #expect(script.command(.restart)?.isRefused == true)
    #expect(script.command(.unblock) == .accepted)
    #expect(script.command(.unblock)?.isUnchanged == true)
    #expect(script.command(.start) == .accepted)
  }

  @Test func aBlockGivesUpAStartThatIsDue() {
    var script = Script { $0.restart = .always }
    script.begin()
    script.run()
    script.ends(code: 1)
    #expect(script.status.pendingReason == .restartPolicy)
    script.command(.block)
    #expect(script.effects.refusals.count == 1)
    #expect(script.status.pendingReason == nil)
    #expect(script.wait(milliseconds: 60_000).spawns == [])
  }

  @Test func restartStopsAndStarts() {
    var script = Script { $0.restartDelay = .seconds(100) }
    script.begin()
    script.run()
    #expect(script.command(.restart) == .accepted)
    #expect(script.effects.signals == ["15 group"])
    #expect(script.command(.restart)?.isUnchanged == true)
    #expect(script.ends().spawns == [2])
    #expect(script.effects.spawnReasons == [Script.operatorName])
  }

  @Test func restartStartsWhatIsStopped() {
    var script = Script()
    script.begin(held: .consumer("grace"))
    #expect(script.command(.restart) == .accepted)
    #expect(script.effects.spawns == [1])
    #expect(!script.status.heldByOperator)
  }

  @Test func aStopTakesARestartBack() {
    var script = Script()
    script.begin()
    script.run()
    script.command(.restart)
    #expect(script.command(.stop) == .accepted)
    #expect(script.ends().spawns == [])
    #expect(script.status.heldByOperator)
  }

  @Test func aStartDuringAStopWaitsForIt() {
    var script = Script()
    script.begin()
    script.run()
    script.command(.stop)
    #expect(script.command(.start) == .accepted)
    #expect(script.effects.spawns == [])
    #expect(script.ends().spawns == [2])
  }

  @Test func whatRunsIsNotStartedTwice() {
    var script = Script()
    script.begin()
    script.run()
    #expect(script.command(.start) == .unchanged(.alreadyRunning))
    #expect(script.effects.refusals == ["not started (ada): already running"])
  }

  @Test func unknownNamesAreSaid() {
    var script = Script()
    script.begin()
    #expect(script.command(.start, "b") == .unknownProcess("no process or cluster is called `b`"))
  }

  @Test func overrunStartsBesideAndIsBounded() {
    var script = Script { $0.overrun = true }
    script.begin()
    for generation in 1...16 as ClosedRange<UInt32> {
      #expect(script.command(.start) == .accepted)
      #expect(script.effects.spawns == [generation])
      script.spawned(generation)
    }
    #expect(script.command(.start)?.isRefused == true)
    #expect(script.effects.refusals.first?.contains("16 runs") == true)
    #expect(script.command(.restart) == .accepted)
    #expect(script.effects.signals.count == 16)
    for generation in 1...15 as ClosedRange<UInt32> { #expect(script.ends(generation).spawns == []) }
    #expect(script.ends(16).spawns == [17])
  }

  @Test func aClusterIsItsMembers() {
    let cluster = ProcessID("web")
    var script = Script((1...3).map { ProcessDefinition(id: ProcessID("web-\($0)"), policy: ProcessPolicy(), cluster: cluster) })
    script.begin()
    #expect(script.supervisor.clusterState(of: cluster) == .created)
    #expect(script.command(.start, "WEB") == .accepted)
    #expect(script.effects.spawns == [1, 1, 1])
    #expect(script.supervisor.clusterState(of: cluster) == .starting)
    script.put(.spawned(RunKey(id: ProcessID("web-2"), generation: 1), pid: 7))
    #expect(script.supervisor.clusterState(of: cluster) == .mixed)
    #expect(script.command(.start, "web")?.isUnchanged == true)
    #expect(script.supervisor.members(of: cluster) == [ProcessID("web-1"), ProcessID("web-2"), ProcessID("web-3")])
    #expect(script.supervisor.clusterState(of: ProcessID("web-1")) == nil)
  }

  @Test func theCounterResetsOnAManualStopAndStart() {
    var script = Script {
      $0.restart = .always
      $0.restartDelay = .zero
    }
    script.begin()
    script.run()
    script.ends()
    #expect(script.status.restarts == 1)
    script.command(.stop)
    #expect(script.status.restarts == 0)
    script.ends(2)
    script.command(.start)
    script.ends(3)
    #expect(script.status.restarts == 1)
  }
}

extension CommandAnswer {
  var isUnchanged: Bool {
    if case .unchanged(let reason) = self { !reason.words.isEmpty } else { false }
  }
}
