import PupSystem
import Testing

@testable import PupDaemon

@Suite struct LoopBoundTests {
  private final class Counter {
    var count = 0
  }

  @Test func theLoopsThreadGetsTheObjectAsLongAsItLives() throws {
    let loop = try EventLoop(name: "bound")
    var counter: Counter? = Counter()
    let bound = LoopBound(try #require(counter), to: loop)
    loop.post { bound { $0.count += 1 } }
    while try loop.turn() {}
    #expect(counter?.count == 1)
    counter = nil
    loop.post { bound { _ in Issue.record("it is gone") } }
    while try loop.turn() {}
  }

  @Test func noOtherThreadGetsIt() async {
    await #expect(processExitsWith: .failure) {
      let loop = try EventLoop(name: "bound")
      let counter = Counter()
      let bound = LoopBound(counter, to: loop)
      // The loop has no thread yet.
      withExtendedLifetime(counter) { bound { $0.count += 1 } }
    }
  }
}
