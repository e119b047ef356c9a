import PupCore
import Testing

/// The brain dies; the next one knows the records and what the keeper observes.
@Suite struct TakeOverTests {
  /// Saves what the owner would have saved, and continues as the next brain would.
  private func succeed(
    _ script: inout Script, _ runs: [UInt32: RunObservation], milliseconds: Int64 = 0,
    _ change: ((inout ProcessPolicy) -> Void)? = nil,
    policy: ProcessPolicy
  ) throws {
    let records = try script.supervisor.takeChanged().map { try ProcessRecord(decoding: $0.encoded()) }
    var policy = policy
    change?(&policy)
    script.supervisor = Supervisor(definitions: [ProcessDefinition(id: ProcessID("a"), policy: policy)])
    script.now.boot = script.now.boot + .milliseconds(milliseconds)
    script.now.wall.microseconds += milliseconds * 1000
    let observed = Dictionary(uniqueKeysWithValues: runs.map { (script.key($0.key), $0.value) })
    script.put(.takeOver(records: records, runs: observed))
  }

  private func always() -> ProcessPolicy {
    var policy = ProcessPolicy()
    policy.autostart = true
    policy.restart = .always
    policy.restartLimit = 3
    return policy
  }

  private func script(_ policy: ProcessPolicy) -> Script {
    var script = Script { $0 = policy }
    script.begin()
    return script
  }

  @Test func whatWasOnlyAskedForIsAskedAgainWithItsNumber() throws {
    var script = script(always())
    try succeed(&script, [:], policy: always())
    #expect(script.effects.spawns == [1])
    #expect(script.effects.spawnReasons == [.autostart])
    #expect(script.state == .starting)
    script.spawned(1)
    #expect(script.state == .running)
  }

  @Test func whatTheKeeperKnowsIsNotAskedAgain() throws {
    var script = script(always())
    try succeed(&script, [1: .spawning], policy: always())
    #expect(script.effects.spawns == [])
    #expect(script.spawned().changes == [.running])
  }

  @Test func whatRunsGoesOn() throws {
    var script = script(always())
    script.spawned()
    let started = script.status.started
    try succeed(&script, [1: .alive(pid: 100)], policy: always())
    #expect(script.effects.isEmpty)
    #expect(script.state == .running)
    #expect(script.status.pid == 100)
    #expect(script.status.started == started)
    #expect(script.ends(code: 1).changes == [.errored])
  }

  @Test func countersAndDeadlinesAreIntact() throws {
    var script = script(always())
    script.spawned()
    script.ends(code: 1)
    script.wait(milliseconds: 10_000)
    script.spawned(2)
    script.ends(2, code: 1)
    script.wait(milliseconds: 4000)
    try succeed(&script, [:], milliseconds: 2000, policy: always())
    #expect(script.effects.spawns == [])
    #expect(script.status.restarts == 1)
    #expect(script.wait(milliseconds: 3999).spawns == [])
    #expect(script.wait(milliseconds: 1).spawns == [3])
    #expect(script.status.restarts == 2)
  }

  @Test func aStopKeepsItsDeadlineAndItsTermIsRepeated() throws {
    var script = script(always())
    script.spawned()
    script.command(.stop)
    script.wait(milliseconds: 500)
    try succeed(&script, [1: .alive(pid: 100)], milliseconds: 200, policy: always())
    #expect(script.effects.signals == ["15 group"])
    #expect(script.wait(milliseconds: 300).signals == ["15 outsideGroup"])
    #expect(script.wait(milliseconds: 28_999).signals == [])
    #expect(script.wait(milliseconds: 1).signals == ["9 tree"])
    script.ends()
    #expect(script.status.heldByOperator)
    #expect(script.wait(milliseconds: 60_000).spawns == [])
  }

  @Test func whatWasStoppedBeforeItWasEverAskedForIsOver() throws {
    var script = script(always())
    script.command(.stop)
    try succeed(&script, [:], policy: always())
    #expect(script.effects.spawns == [])
    #expect(script.effects.signals == [])
    #expect(script.state == .finished)
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  @Test func whatEndedMeanwhileIsTold() throws {
    var script = script(always())
    script.spawned()
    try succeed(&script, [1: .ended(.exited(code: 7))], policy: always())
    #expect(script.effects.releases == [1])
    #expect(script.status.lastExit == .exited(code: 7))
    #expect(script.status.pendingReason == .restartPolicy)
  }

  @Test func aLostEndIsUnknownAndSaid() throws {
    var script = script(always())
    script.spawned()
    try succeed(&script, [:], policy: always())
    #expect(script.status.lastExit == .unknown)
    #expect(script.effects.logs(.takeover).first?.contains("exit status is unknown") == true)
    #expect(script.status.pendingReason == .restartPolicy)
  }

  @Test func aFailedSpawnIsTold() throws {
    var script = script(always())
    try succeed(&script, [1: .spawnFailed(SpawnFailure(stage: "chdir", errno: 2, message: "chdir /srv: no"))], policy: always())
    #expect(script.status.explanation.hasPrefix("failed: could not be started: chdir /srv: no"))
    #expect(script.effects.releases == [1])
  }

  @Test func anUnsavedReleaseIsRepeated() throws {
    var script = script(always())
    script.spawned()
    script.ends()
    try succeed(&script, [1: .ended(.exited(code: 0))], policy: always())
    #expect(script.effects == [.release(script.key(1))])
  }

  @Test func theNewPolicyCounts() throws {
    var script = script(always())
    script.spawned()
    script.ends()
    #expect(script.status.pendingReason == .restartPolicy)
    try succeed(&script, [:], { $0.restart = .never }, policy: always())
    #expect(script.status.pendingReason == nil)
    #expect(script.effects.refusals.count == 1)
    #expect(script.supervisor.nextDeadline == Deadlines())
  }

  @Test func aCronTimeThatPassedMeanwhileComesOnce() throws {
    var policy = ProcessPolicy()
    policy.cron = try CronSchedule(parsing: "*/10 * * * * *", zone: .utc)
    var script = script(policy)
    try succeed(&script, [:], milliseconds: 35_000, policy: policy)
    #expect(script.effects.spawns == [1])
  }

  @Test func survivorsOfARemovedProcessAreStopped() throws {
    var script = script(always())
    script.spawned()
    let records = script.supervisor.takeChanged()
    script.supervisor = Supervisor(definitions: [ProcessDefinition(id: ProcessID("b"), policy: ProcessPolicy())])
    script.put(.takeOver(records: records, runs: [script.key(1): .alive(pid: 100)]))
    #expect(script.effects.signals == ["15 group"])
    #expect(script.effects.logs(.takeover).count == 1)
    #expect(script.state == .stopping)
    #expect(script.command(.start) == .unknownProcess("no process or cluster is called `a`"))
    #expect(script.supervisor.takeRemoved() == [])
    #expect(script.ends().releases == [1])
    #expect(script.supervisor.takeRemoved() == [ProcessID("a")])
    #expect(script.supervisor.status(of: ProcessID("a")) == nil)
    // Its numbers are never reused: the other record remembers them.
    let rest = script.supervisor.takeChanged()
    #expect(rest.map(\.id) == [ProcessID("b")])
    script.supervisor = Supervisor(definitions: [ProcessDefinition(id: ProcessID("a"), policy: always())])
    script.put(.takeOver(records: rest, runs: [:]))
    #expect(script.effects.spawns == [2])
  }

  @Test func aRecordOfARemovedProcessWithoutSurvivorsGoes() throws {
    var script = script(always())
    let records = script.supervisor.takeChanged()
    script.supervisor = Supervisor(definitions: [])
    script.put(.takeOver(records: records, runs: [:]))
    #expect(script.effects.spawns == [])
    #expect(script.supervisor.takeRemoved() == [ProcessID("a")])
  }

  @Test func runsWithoutAnyRecordLiveOn() throws {
    // The state was lost but the programs were not: none of them may die because of it.
    var script = Script { $0 = always() }
    script.put(.takeOver(records: [], runs: [script.key(4): .alive(pid: 100), script.key(3): .ended(.exited(code: 0))]))
    #expect(script.effects.signals == [])
    #expect(script.effects.spawns == [])
    #expect(script.effects.releases == [3])
    #expect(script.state == .running)
    script.ends(4)
    #expect(script.wait(milliseconds: 10_000).spawns == [5])
  }

  @Test func theEndOfEverythingGoesOn() throws {
    var script = script(always())
    script.spawned()
    script.put(.terminate(.signal(15)))
    try succeed(&script, [1: .alive(pid: 100)], policy: always())
    #expect(script.effects.signals.contains("15 group"))
    #expect(script.command(.start)?.isRefused == true)
    script.exited()
    #expect(script.treeEmpty().last == .allStopped)
    #expect(script.effects.spawns == [])
  }

  @Test func onlyWhatChangedIsSaved() {
    var script = script(always())
    #expect(script.supervisor.takeChanged().map(\.id) == [ProcessID("a")])
    #expect(script.supervisor.takeChanged() == [])
    script.put(.deadlineReached)
    script.exited(99)
    #expect(script.supervisor.takeChanged() == [])
    script.spawned()
    #expect(script.supervisor.takeChanged().count == 1)
  }

  @Test func aSecondBeginningIsIgnored() {
    var script = script(always())
    #expect(script.put(.begin(desired: [])).spawns == [])
    #expect(script.put(.takeOver(records: [], runs: [:])).spawns == [])
    #expect(script.effects.logs(.unexpected).count == 1)
  }
}
