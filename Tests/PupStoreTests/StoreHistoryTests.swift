import PupCore
import Testing

@testable import PupStore

@Suite struct StoreHistoryTests {
  private let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private static let actors: [Cause] = [
    .consumer("admin'; DROP TABLE history; --"), .consumer(""), .signal(15), .configuration, .autostart, .cron, .terminateCron,
    .watch, .restartPolicy, .timeout, .takeOver, .program,
  ]
  private static let exits: [PupCore.ExitStatus?] = [
    nil, .exited(code: 0), .exited(code: 255), .signaled(signal: 11, dumpedCore: true), .signaled(signal: 9, dumpedCore: false),
    .unknown,
  ]

  @Test func everyFieldComesBack() async throws {
    let store = try folder.open()
    defer { store.close() }
    var sent: [Transition] = []
    for (index, actor) in Self.actors.enumerated() {
      for exit in Self.exits {
        var transition = Transition.sample(index)
        transition.actor = actor
        transition.exit = exit
        transition.pid = Int32(index)
        transition.old = index == 0 ? nil : .starting
        transition.ranOutOfMemory = index.isMultiple(of: 2)
        transition.usage = index == 1 ? nil : ResourceUsage(userMicroseconds: 1, systemMicroseconds: 2, peakBytes: .max)
        transition.restarts = index
        transition.reason = "ä \"'\n\(index)"
        store.record(transition)
        sent.append(transition)
      }
    }
    let read = try await store.history("web")
    #expect(read.map(\.transition) == sent.reversed())
  }

  @Test func pagesFollowEachOther() async throws {
    let store = try folder.open()
    defer { store.close() }
    for number in 0..<100 {
      store.record(.sample(number))
      store.record(.sample(number, process: "other"))
    }
    var seen: [UInt32?] = []
    var before: Int64?
    while true {
      let page = try await store.history("WEB", limit: 7, before: before)
      guard let last = page.last else { break }
      seen += page.map(\.transition.generation)
      before = last.number
    }
    #expect(seen == (0..<100).reversed().map { UInt32($0) })
    #expect(try await store.history(nil, limit: 5000).count == 200)
    #expect(try await store.history("nobody").isEmpty)
    #expect(try await store.history("web", limit: -3).count == 1)
  }

  @Test func itSurvivesTheSupervisor() async throws {
    let first = try folder.open()
    for number in 0..<1000 { first.record(.sample(number)) }
    first.close()
    let second = try folder.open()
    defer { second.close() }
    #expect(try await second.history("web").count == 1000)
    #expect(folder.notices.all.isEmpty)
  }

  @Test func whatIsCommittedSurvivesAKill() async throws {
    let first = try folder.open()
    defer { first.close() }
    for number in 0..<50 { first.record(.sample(number)) }
    #expect(try await first.history("web").count == 50)
    let copy = try folder.copyAsAfterKill()
    let second = try copy.open()
    defer { second.close() }
    #expect(try await second.history("web").count == 50)
    #expect(copy.notices.all.isEmpty)
  }

  @Test func longReasonsAreCutBetweenCharacters() async throws {
    let store = try folder.open()
    defer { store.close() }
    for shift in 0..<8 {
      var transition = Transition.sample(shift)
      transition.reason = String(repeating: "x", count: shift) + String(repeating: "👩‍👩‍👧", count: 200)
      store.record(transition)
    }
    for entry in try await store.history("web") {
      #expect(entry.transition.reason.utf8.count <= Transition.longestReason)
      #expect(entry.transition.reason.hasSuffix("👩‍👩‍👧…"))
    }
  }

  @Test func eachProcessKeepsItsNewest() async throws {
    let store = try folder.open { $0.historyPerProcess = 50 }
    defer { store.close() }
    store.record(.sample(1, process: "quiet"))
    for number in 0..<2000 { store.record(.sample(number)) }
    _ = try await store.history("web")
    for number in 2000..<2005 { store.record(.sample(number)) }
    let kept = try await store.history("web").map(\.transition.generation)
    #expect((50...56).contains(kept.count))
    #expect(kept.prefix(50) == (1955..<2005).reversed().map { UInt32($0) }[...])
    #expect(try await store.history("quiet").count == 1)
  }

  @Test func allTogetherAreBoundedToo() async throws {
    let store = try folder.open { $0.history = 100 }
    defer { store.close() }
    for number in 0..<1000 {
      store.record(.sample(number, process: "p\(number)"))
      if number.isMultiple(of: 10) { _ = try await store.history("p0", limit: 1) }
    }
    #expect((100...120).contains(try await store.history(nil).count))
  }

  @Test func oldOnesAreForgotten() async throws {
    let store = try folder.open { $0.history = 10 }
    defer { store.close() }
    var old = Transition.sample(0)
    old.time = WallTime(microseconds: 1)
    store.record(old)
    store.record(.sample(1))
    #expect(try await store.history(nil).map(\.transition.generation) == [1])
  }

  @Test func theOrderOfEachThreadIsKept() async throws {
    let store = try folder.open { ($0.waiting, $0.historyPerProcess) = (10_000, 5000) }
    defer { store.close() }
    await withTaskGroup { group in
      for writer in 0..<4 {
        group.addTask { for number in 0..<500 { store.record(.sample(number, process: "w\(writer)")) } }
      }
    }
    for writer in 0..<4 {
      let numbers = try await store.history(ProcessID("w\(writer)")).map(\.transition.generation)
      #expect(numbers == (0..<500).reversed().map { UInt32($0) })
    }
    #expect(store.counters.written == 2000)
    #expect(store.counters.dropped == 0)
  }

  @Test func anEventOfARunBecomesATransition() throws {
    var status = ProcessStatus(id: "web", state: .errored, updated: WallTime(microseconds: 7))
    status.lastExit = .exited(code: 3)
    status.explanation = "it ended with code 3"
    let event = Event.stateChanged(old: .running, new: .errored, status: status, actor: .program)
    let transition = try #require(Transition(event, generation: 4, ranOutOfMemory: true))
    #expect(transition.exit == .exited(code: 3))
    #expect(transition.reason == "it ended with code 3")
    #expect(transition.ranOutOfMemory)
    let next = Event.stateChanged(old: .errored, new: .starting, status: status, actor: .restartPolicy)
    #expect(Transition(next, generation: 5)?.exit == nil)
    #expect(Transition(.watchTriggered(path: "x", status: status), generation: 5) == nil)
  }
}
