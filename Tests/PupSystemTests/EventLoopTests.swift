import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  @Test func jobsRunInTheOrderInWhichTheyWerePosted() throws {
    let loop = try EventLoop(name: "test")
    let order = Recorder()
    for number in 0..<1000 as Range<Int64> { loop.post { order.add(number) } }
    loop.post { loop.stop() }
    try loop.run()
    #expect(order.values == Array(0..<1000))
  }

  @Test func anActorOnTheLoopRunsItsTasksThere() async throws {
    let loop = try EventLoop(name: "test")
    let thread = try LoopThread(running: loop)
    let counter = Counter(loop: loop)
    for _ in 0..<100 { await counter.increment() }
    #expect(await counter.value == 100)
    #expect(await counter.wasAlwaysOnLoop)
    loop.stop()
    thread.join()
  }

  /// Each job is awaited before the next one is posted, by many at once: a wake-up that got lost would leave somebody waiting for
  /// ever.
  @Test func noWakeUpIsLost() async throws {
    let loop = try EventLoop(name: "test")
    let thread = try LoopThread(running: loop)
    let counter = Counter(loop: loop)
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<5000 { await counter.increment() } }
        group.addTask {
          for _ in 0..<5000 { await withCheckedContinuation { continuation in loop.post { continuation.resume() } } }
        }
      }
    }
    #expect(await counter.value == 20_000)
    loop.stop()
    thread.join()
  }

  @Test func timersRunAtTheirTimeAndCancelledOnesNever() throws {
    let loop = try EventLoop(name: "test")
    let order = Recorder()
    let start = Clock.boot
    _ = loop.schedule(at: start + 20_000_000) {
      order.add(Clock.boot - start)
      loop.stop()
    }
    let cancelled = loop.schedule(at: start + 10_000_000) { order.add(-1) }
    loop.cancel(cancelled)
    _ = loop.schedule(at: start - 5) { order.add(0) }
    try loop.run()
    #expect(order.values.count == 2)
    #expect(order.values.first == 0)
    #expect(order.values.last ?? 0 >= 20_000_000)
  }

  @Test func anEventThatIsUnderWayForAClosedDescriptorReachesNobodyElse() throws {
    let loop = try EventLoop(name: "test")
    let order = Recorder()
    let (first, second) = (try Pipe(), try Pipe())
    let registrations = Registrations()
    // Both are readable in one turn; whichever handler runs first takes the other's registration away.
    for (number, pipe) in [(Int64(1), first), (2, second)] {
      let registration = try loop.register(pipe.readEnd, .read) { _ in
        order.add(number)
        registrations.removeAll(from: loop)
        loop.stop()
      }
      registrations.add(registration)
      pipe.write("x")
    }
    try loop.run()
    #expect(order.values.count == 1)
  }

  @Test func onceReportsOnceUntilModified() throws {
    let loop = try EventLoop(name: "test")
    let order = Recorder()
    let pipe = try Pipe()
    pipe.write("x")
    let registrations = Registrations()
    let registration = try loop.register(pipe.readEnd, [.read, .once]) { _ in
      order.add(1)
      if order.values.count == 1 {
        _ = loop.schedule(at: Clock.boot + 5_000_000) { try? loop.modify(registrations.first, [.read, .once]) }
      } else {
        loop.stop()
      }
    }
    registrations.add(registration)
    try loop.run()
    #expect(order.values == [1, 1])
  }

  @Test func theWallClockTimerRingsAtItsTime() throws {
    let loop = try EventLoop(name: "test")
    let order = Recorder()
    loop.onWallClock { wasSet in
      order.add(wasSet ? 1 : 0)
      loop.stop()
    }
    loop.setWallDeadline(Clock.wallMicroseconds + 10_000)
    try loop.run()
    #expect(order.values == [0])
  }
}

private actor Counter {
  nonisolated let loop: EventLoop
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
  private(set) var value = 0
  private(set) var wasAlwaysOnLoop = true

  init(loop: EventLoop) { self.loop = loop }

  func increment() {
    value += 1
    if !loop.isOnThread { wasAlwaysOnLoop = false }
  }
}
