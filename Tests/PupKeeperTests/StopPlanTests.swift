import Glibc
import PupSystem
import Testing

@testable import PupKeeper

/// How a run ends where there is no brain.
@Suite struct StopPlanTests {
  private let second = Clock.second

  @Test func termThenKillAgainAndAgain() {
    var plan = StopPlan(askedAt: 100 * second, grace: UInt64(2 * second), timeout: UInt64(10 * second))
    #expect(plan.deadline == 102 * second)
    #expect(plan.step(101 * second) == nil)
    #expect(plan.step(102 * second) == SIGTERM)
    #expect(plan.step(102 * second) == nil, "once")
    #expect(plan.deadline == 110 * second)
    #expect(plan.step(110 * second) == SIGKILL)
    #expect(plan.deadline == 111 * second)
    #expect(plan.step(110 * second) == nil)
    #expect(plan.step(111 * second) == SIGKILL)
  }

  @Test func killIsNotBeforeTerm() {
    var plan = StopPlan(askedAt: 0, grace: UInt64(5 * second), timeout: 0)
    #expect(plan.deadline == 5 * second)
    #expect(plan.step(5 * second) == SIGKILL, "both are due")
    #expect(plan.step(5 * second) == nil, "and nothing is left to be said by SIGTERM")
  }

  @Test func spansWithoutAnEndAreNone() {
    var plan = StopPlan(askedAt: second, grace: 0, timeout: .max)
    #expect(plan.step(second) == SIGTERM)
    #expect(plan.deadline == .max)
  }
}
