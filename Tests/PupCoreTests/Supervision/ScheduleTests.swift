import PupCore
import Testing

/// Cron, terminate cron, watch, and a calendar clock that people set.
@Suite struct ScheduleTests {
  private func scheduled(_ pattern: String, _ change: (inout ProcessPolicy) -> Void = { _ in }) throws -> Script {
    let schedule = try CronSchedule(parsing: pattern, zone: .utc)
    var script = Script("a") {
      $0.cron = schedule
      change(&$0)
    }
    // 2027-01-15 08:00:00
    script.now.wall = WallTime(2027, 1, 15, 8)
    script.begin()
    return script
  }

  private func step(_ script: inout Script, seconds: Int64) {
    script.now.wall.microseconds += seconds * 1_000_000
    script.put(.wallClockChanged)
  }

  @Test func cronStartsAndTellsTheNextTime() throws {
    var script = try scheduled("*/10 * * * *")
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 8, 10))
    #expect(script.status.explanation == "created: not started yet; starts at 2027-01-15T08:10:00Z (cron)")
    // The history begins with it.
    let first = script.effects.compactMap { effect -> ProcessStatus? in
      if case .event(.stateChanged(old: nil, new: .created, let status, actor: .configuration)) = effect { status } else { nil }
    }
    #expect(first.map(\.explanation) == [script.status.explanation] && first.first?.nextStart == script.status.nextStart)
    #expect(script.wait(milliseconds: 600_000).spawnReasons == [.cron])
    #expect(script.effects.contains { if case .event(.scheduled(WallTime(2027, 1, 15, 8, 20), _)) = $0 { true } else { false } })
    #expect(script.status.nextStart == WallTime(2027, 1, 15, 8, 20))
  }

  @Test func cronIsRefusedWhileTheLastRunLives() throws {
    var script = try scheduled("*/10 * * * *")
    script.wait(milliseconds: 600_000)
    script.spawned()
    #expect(script.wait(milliseconds: 600_000).refusals == ["not started (cron): still running"])
    script.command(.restart)
    #expect(script.wait(milliseconds: 600_000).refusals == ["not started (cron): a restart is in progress"])
  }

  @Test func cronStartsBesideWithOverrun() throws {
    var script = try scheduled("*/10 * * * *") { $0.overrun = true }
    script.wait(milliseconds: 600_000)
    script.spawned()
    #expect(script.wait(milliseconds: 600_000).spawns == [2])
    script.spawned(2)
    #expect(script.ends(1, code: 1).changes == [])
    #expect(script.state == .running)
    #expect(script.ends(2, code: 1).changes == [.errored])
  }

  @Test func cronTakesTheplaceOfADueRestartAndResetsTheCounter() throws {
    var script = try scheduled("*/10 * * * *") {
      $0.restart = .onError
      $0.restartDelay = .seconds(3600)
    }
    script.wait(milliseconds: 600_000)
    script.ends(1, code: 1)
    #expect(script.status.pendingReason == .restartPolicy)
    #expect(script.wait(milliseconds: 600_000).spawnReasons == [.cron])
    #expect(script.status.restarts == 0)
    #expect(script.status.pendingReason == nil)
  }

  @Test func terminateCronEndsTheRunAndThePolicyApplies() throws {
    let schedule = try CronSchedule(parsing: "0 9 * * *", zone: .utc)
    var script = Script {
      $0.autostart = true
      $0.terminateCron = schedule
      $0.restart = .always
      $0.restartDelay = .zero
    }
    script.now.wall = WallTime(2027, 1, 15, 8)
    script.begin()
    script.spawned()
    #expect(script.status.nextTerminate == WallTime(2027, 1, 15, 9))
    #expect(script.wait(milliseconds: 3_600_000).signals == ["15 group"])
    #expect(script.effects.changeActors == [.terminateCron])
    #expect(script.ends(code: 143).spawnReasons == [.restartPolicy])
    #expect(!script.status.heldByOperator)
  }

  @Test func aClockSetBackRunsNothingTwice() throws {
    var script = try scheduled("*/10 * * * *")
    script.wait(milliseconds: 600_000)
    script.ends()
    step(&script, seconds: -3600)
    #expect(script.effects.spawns == [])
    // The 08:10 start has happened; the next one is 08:20, on a clock that shows 07:10.
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 8, 20))
    #expect(script.wait(milliseconds: 3_600_000).spawns == [])
    #expect(script.wait(milliseconds: 600_000).spawns == [2])
  }

  @Test func aClockThatWasADayAheadBeginsAnew() throws {
    var script = try scheduled("*/10 * * * *")
    step(&script, seconds: 400 * 86_400)
    script.wait(milliseconds: 600_000)
    script.ends()
    step(&script, seconds: -400 * 86_400)
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 8, 20))
  }

  @Test func aClockSetForwardRunsWhatWasMissedOnce() throws {
    var script = try scheduled("*/10 * * * *")
    step(&script, seconds: 7200)
    #expect(script.effects.spawns == [1])
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 10, 10))
  }

  @Test func aClockSetFarForwardTellsWhatItLeavesOut() throws {
    var script = try scheduled("*/10 * * * *")
    step(&script, seconds: 4 * 3600)
    #expect(script.effects.spawns == [])
    #expect(script.effects.logs(.cron).count == 1)
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 12, 10))
  }

  @Test func aStepIsNoticedAlsoWhereAnotherInputComesFirst() throws {
    var script = try scheduled("*/10 * * * *")
    script.now.wall.microseconds += 30 * 86_400 * 1_000_000
    #expect(script.put(.deadlineReached).spawns == [])
    #expect(script.effects.logs(.cron).count == 1)
  }

  @Test func aLongSleepRunsWhatWasMissedOnce() throws {
    var script = try scheduled("0 * * * *")
    // Both clocks keep running while the machine sleeps.
    #expect(script.wait(milliseconds: 8 * 3_600_000).spawns == [1])
    #expect(script.supervisor.nextDeadline.wall == WallTime(2027, 1, 15, 17))
  }

  @Test func aChangedFileRestartsAfterItsDelay() {
    var script = Script {
      $0.watches = true
      $0.restart = .always
    }
    script.begin()
    script.run()
    script.put(.fileChanged(ProcessID("a"), path: "src/main.ts"))
    #expect(script.effects.contains { if case .event(.watchTriggered("src/main.ts", _)) = $0 { true } else { false } })
    #expect(script.status.explanation == "running: pid 100, started by ada; starts in 500 ms (a changed file)")
    #expect(script.wait(milliseconds: 499).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["15 group"])
    #expect(script.ends(code: 143).spawnReasons == [.watch])
    #expect(script.effects.changes == [.finished, .starting])
  }

  @Test func aChangedFileStartsWhatIsDown() {
    var script = Script { $0.watches = true }
    script.begin()
    script.run()
    script.ends(code: 1)
    script.put(.fileChanged(ProcessID("a"), path: "x"))
    #expect(script.wait(milliseconds: 500).spawns == [2])
  }

  @Test func aChangedFileHurriesADueRestart() {
    var script = Script {
      $0.watches = true
      $0.restart = .always
    }
    script.begin()
    script.run()
    script.ends(code: 1)
    script.put(.fileChanged(ProcessID("a"), path: "x"))
    #expect(script.wait(milliseconds: 500).spawnReasons == [.watch])
    #expect(script.status.restarts == 0)
  }

  @Test func aFileThatNobodyWatchesChangesNothing() {
    var script = Script()
    script.begin()
    script.put(.fileChanged(ProcessID("a"), path: "x"))
    #expect(script.effects.logs(.unexpected).count == 1)
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  // MARK: - Programs that change their own watched files

  private func watched() -> Script {
    var script = Script {
      $0.watches = true
      $0.autostart = true
      $0.restart = .always
    }
    script.begin()
    script.spawned()
    return script
  }

  /// One change at this time after the start, and the restart that follows. Returns how long it waited.
  private func restart(_ script: inout Script, after elapsed: Int64, _ path: String = "/srv/out/state.json") -> Int64? {
    script.wait(milliseconds: elapsed)
    script.put(.fileChanged(ProcessID("a"), path: path))
    guard let deadline = script.supervisor.nextDeadline.boot else { return nil }
    let delay = (deadline.nanoseconds - script.now.boot.nanoseconds) / 1_000_000
    let warnings = script.effects.logs(.watcher).filter { $0.contains("watcher.skip") }
    #expect(warnings.isEmpty == (delay <= 500), "\(delay): \(script.effects.logs(.watcher))")
    script.wait(milliseconds: delay)
    return delay
  }

  private func goesOn(_ script: inout Script, _ generation: UInt32) {
    script.ends(generation, code: 143)
    script.spawned(generation + 1)
  }

  @Test func aProgramThatRestartsItselfIsSlowedDown() {
    var script = watched()
    var delays: [Int64?] = []
    for generation in 1...11 {
      delays.append(restart(&script, after: 1100))
      goesOn(&script, UInt32(generation))
    }
    #expect(delays == [500, 500, 500, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000])
  }

  @Test func oneThatWritesLaterButAlwaysAtTheSameTimeIsNoticedToo() {
    var script = watched()
    var delays: [Int64?] = []
    for (generation, elapsed) in [8000, 8200, 7900, 8100, 8300, 8000].enumerated() {
      delays.append(restart(&script, after: Int64(elapsed), "/srv/out/\(generation).json"))
      goesOn(&script, UInt32(generation + 1))
    }
    #expect(delays == [500, 500, 500, 500, 2000, 4000])
  }

  @Test func somebodyWithAnEditorIsNotSlowedDown() {
    var script = watched()
    for (generation, elapsed) in [7000, 4000, 12000, 5000, 3500, 20000, 9000, 6000].enumerated() {
      #expect(restart(&script, after: Int64(elapsed)) == 500)
      goesOn(&script, UInt32(generation + 1))
    }
  }

  @Test func aChangeElsewhereIsNotHeldUp() {
    var script = watched()
    for generation in 1...6 {
      _ = restart(&script, after: 1100)
      goesOn(&script, UInt32(generation))
    }
    script.wait(milliseconds: 1100)
    script.put(.fileChanged(ProcessID("a"), path: "/srv/out/state.json"))
    script.wait(milliseconds: 1000)
    script.put(.fileChanged(ProcessID("a"), path: "/srv/out/other.json"))
    #expect(script.wait(milliseconds: 600).signals == [], "other files that the program writes are delayed, too")
    script.put(.fileChanged(ProcessID("a"), path: "/srv/src/main.py"))
    #expect(script.wait(milliseconds: 500).signals == ["15 group"])
    goesOn(&script, 7)
    // After a quiet run, counting starts again.
    #expect(restart(&script, after: 70_000) == 500)
  }
}
