import PupAPI
import PupSystem
import Synchronization
import Testing

@testable import PupCore
@testable import PupDaemon

/// What asks the supervisor, on a loop that the test turns.
@Suite(.timeLimit(.minutes(5))) struct AskingTests {
  // MARK: Waiting

  /// Belongs to the test's thread.
  private final class Waiting: @unchecked Sendable {
    let clock = ManualClock()
    let loop: EventLoop
    let clients: WaitingClients
    var answers: [Result<ActionResult, PupError>] = []

    init() throws {
      let clock = clock
      loop = try EventLoop(name: "waiting") { clock.now }
      clients = WaitingClients(on: loop)
      clients.explain = { $0.map { "\($0) is busy" } }
    }

    func wait(for ids: String..., seconds: Int = 10) -> Bool {
      let awaited = ids.map { (ProcessID($0), Awaited.over(upTo: 1)) }
      return clients.add(Dictionary(uniqueKeysWithValues: awaited), seconds: seconds) { self.answers.append($0) }
    }

    func advance(seconds: Int64) throws {
      clock.advance(by: seconds * 1_000_000_000)
      while try loop.turn() {}
    }
  }

  @Test func whoWaitsTooLongHearsWhatIsOpen() throws {
    let waiting = try Waiting()
    #expect(waiting.wait(for: "web", "db", seconds: 10))
    try waiting.advance(seconds: 9)
    #expect(waiting.answers.isEmpty)
    try waiting.advance(seconds: 1)
    #expect(waiting.answers == [.success(ActionResult(.pending, message: "db is busy; web is busy"))])
    try waiting.advance(seconds: 60)
    #expect(waiting.answers.count == 1)
  }

  @Test func theBoundIsKept() throws {
    let waiting = try Waiting()
    for _ in 0..<4096 { #expect(waiting.wait(for: "web")) }
    #expect(!waiting.wait(for: "web") && waiting.answers.isEmpty)
    waiting.clients.giveUp()
    #expect(waiting.answers.count == 4096 && waiting.wait(for: "web"))
  }

  @Test func aProcessThatIsNoMoreIsNotWaitedFor() throws {
    let waiting = try Waiting()
    #expect(waiting.wait(for: "web"))
    waiting.clients.settle([ProcessID("db")]) { _ in nil }
    #expect(waiting.answers.isEmpty)
    waiting.clients.settle([ProcessID("web")]) { _ in nil }
    #expect(waiting.answers == [.success(ActionResult(.done))])
    // Its timer has gone with it.
    try waiting.advance(seconds: 60)
    #expect(waiting.answers.count == 1)
  }

  // MARK: The access log

  @Test func requestsBeyondTheBoundAreCounted() {
    var log = AccessLines()
    let second: Int64 = 1_000_000_000
    let lines = (0..<53).flatMap { log.lines(for: "GET \($0)", at: 7 * second + Int64($0)) }
    #expect(lines.count == 50 && lines.last == "GET 49")
    #expect(log.lines(for: "GET /", at: 8 * second).count == 2)
    #expect(log.lines(for: "GET /", at: 9 * second) == ["GET /"])
  }
}
