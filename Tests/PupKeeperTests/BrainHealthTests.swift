import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

@Suite struct BrainHealthTests {
  private let second = Clock.second

  private func unhealthy() -> BrainHealth {
    var health = BrainHealth()
    for at in 0..<Int64(BrainHealth.faultLimit) {
      _ = health.died(supervised: 0, because: "signal 6", at: at * second, wall: 1_000_000 * at)
    }
    return health
  }

  @Test func fourDeathsAreFollowedAtOnceAndTheFifthLeadsToSafeMode() {
    var health = BrainHealth()
    for at in 0..<Int64(4) {
      #expect(health.died(supervised: 0, because: "signal 6", at: at * second, wall: 0) == 0)
      #expect(health.safeMode == nil)
    }
    #expect(health.died(supervised: 0, because: "signal 11", at: 4 * second, wall: 77) == second)
    #expect(health.safeMode?.since == 77)
    #expect(health.safeMode?.reason == "5 supervisors died within a minute, the last because: signal 11")
    #expect(health.safeMode?.trial == BrainHealth.firstTrial)
  }

  @Test func deathsThatLieApartAreForgotten() {
    var health = BrainHealth()
    for at in 0..<Int64(40) {
      #expect(health.died(supervised: 0, because: "signal 6", at: at * 16 * second, wall: 0) == 0)
    }
    #expect(health.safeMode == nil)
  }

  @Test func pausesInSafeModeGrowToABound() {
    var health = unhealthy()
    let since = health.safeMode?.since
    var pauses: [Int64] = []
    for at in 0..<Int64(6) {
      pauses.append(health.died(supervised: 0, because: "signal 6", at: (100 + at) * second, wall: 9) / second)
    }
    #expect(pauses == [2, 4, 8, 16, 30, 30])
    #expect(health.safeMode?.since == since, "it goes on")
  }

  @Test func triesThatDidNotStartAreSpacedAndCountForNothing() {
    var health = BrainHealth()
    var pauses: [Int64] = []
    for _ in 0..<100 { pauses.append(health.didNotStart()) }
    #expect(pauses[0] == BrainHealth.firstStartPause)
    #expect(pauses.last == BrainHealth.longestStartPause)
    #expect(health.failedStarts == 100)
    #expect(health.safeMode == nil)
    health.isReady()
    #expect(health == BrainHealth())
  }

  @Test func recoveryIsOnProbation() {
    var health = unhealthy()
    health.recover()
    #expect(health.safeMode == nil)
    // One death is enough now, and the next trial takes twice as long.
    #expect(health.died(supervised: 3 * second, because: "signal 6", at: 100 * second, wall: 5) == second)
    #expect(health.safeMode?.trial == BrainHealth.firstTrial * 2)
    #expect(health.safeMode?.reason == "the first supervisor after safe mode died, because: signal 6")
    for _ in 0..<20 {
      health.recover()
      _ = health.died(supervised: 0, because: "signal 6", at: 200 * second, wall: 6)
    }
    #expect(health.safeMode?.trial == BrainHealth.longestTrial)
  }

  @Test func probationEndsWithASupervisorThatLives() {
    var health = unhealthy()
    health.recover()
    #expect(health.died(supervised: 61 * second, because: "signal 6", at: 300 * second, wall: 5) == 0)
    #expect(health.safeMode == nil)
  }

  @Test(arguments: [0, 1, 3]) func everythingSurvivesAnExec(how: Int) throws {
    var health = unhealthy()
    if how == 1 { health.recover() }
    if how == 3 { _ = health.didNotStart() }
    var writer = ByteWriter()
    health.write(to: &writer)
    var reader = ByteReader(writer.bytes[...])
    #expect(try BrainHealth(from: &reader) == health)
    #expect(reader.remaining == 0)
  }
}
