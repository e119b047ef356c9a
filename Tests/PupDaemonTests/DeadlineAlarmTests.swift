import PupSystem
import Testing

@testable import PupCore
@testable import PupDaemon

@Suite(.timeLimit(.minutes(5))) struct DeadlineAlarmTests {
  @Test func theLatestDeadlineCountsOnce() throws {
    let clock = ManualClock()
    let loop = try EventLoop(name: "alarm") { clock.now }
    let alarm = DeadlineAlarm(on: loop)
    var heard = 0
    alarm.onDue = { input in if case .deadlineReached = input { heard += 1 } }
    func after(_ seconds: Int64) -> Deadlines {
      var deadlines = Deadlines()
      deadlines.boot = Instant(nanoseconds: clock.now + seconds * 1_000_000_000)
      return deadlines
    }
    func pass(_ seconds: Int64) throws {
      clock.advance(by: seconds * 1_000_000_000)
      while try loop.turn() {}
    }
    alarm.arm(after(5))
    alarm.arm(after(10))
    try pass(5)
    #expect(heard == 0)
    try pass(5)
    #expect(heard == 1)
    // It is not armed any more.
    try pass(100)
    #expect(heard == 1)
    alarm.arm(after(1))
    alarm.arm(Deadlines())
    try pass(1)
    #expect(heard == 1)
  }
}
