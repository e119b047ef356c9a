import Testing

@testable import PupSystem

@Suite struct TimerQueueTests {
  @Test func handlersComeInTheOrderOfTheirDeadlines() {
    var queue = TimerQueue()
    let order = Recorder()
    for deadline in [50, 10, 30, 10, 40] as [Int64] { _ = queue.insert(deadline: deadline) { order.add(deadline) } }
    #expect(queue.earliest == 10)
    while let handler = queue.popDue(at: 40) { handler() }
    #expect(order.values == [10, 10, 30, 40])
    #expect(queue.earliest == 50)
  }

  @Test func equalDeadlinesKeepTheOrderInWhichTheyWereMade() {
    var queue = TimerQueue()
    let order = Recorder()
    for number in 0..<100 as Range<Int64> { _ = queue.insert(deadline: 7) { order.add(number) } }
    while let handler = queue.popDue(at: 7) { handler() }
    #expect(order.values == Array(0..<100))
  }

  @Test func cancelledHandlersNeverRunAndDoNotPileUp() {
    var queue = TimerQueue()
    let order = Recorder()
    var timers: [Timer] = []
    for number in 0..<1000 as Range<Int64> { timers.append(queue.insert(deadline: number) { order.add(number) }) }
    for (index, timer) in timers.enumerated() where index % 10 != 0 { queue.cancel(timer) }
    queue.cancel(timers[1])
    while let handler = queue.popDue(at: .max) { handler() }
    #expect(order.values == stride(from: 0, to: 1000, by: 10).map { Int64($0) })
    #expect(queue.earliest == nil)
  }
}
