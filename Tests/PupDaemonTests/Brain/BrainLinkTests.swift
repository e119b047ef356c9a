import Glibc
import PupBasics
import PupInstance
import PupLogs
import PupSystem
import Testing

@testable import PupCore
@testable import PupDaemon

/// The link to a keeper that is slow, wrong or newer.
@Suite(.timeLimit(.minutes(5))) struct BrainLinkTests {
  @Test func greetsAndBegins() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      let greeting = try brain.heard()
      guard case .hello(let hello)? = greeting.first, greeting.count == 1 else {
        Issue.record("\(greeting)")
        return
      }
      #expect(!hello.standby)
      let messages = try brain.begin()
      #expect(messages.prefix(2) == [.inventoryReceived(chunk: 0), .ready])
      #expect(brain.isSupervising && brain.state(of: "web") == .created)
    }
  }

  @Test func beatsByTheClock() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      try brain.advance(milliseconds: 999)
      #expect(try brain.keeper.hear() == [])
      try brain.advance(milliseconds: 1)
      #expect(try brain.keeper.hear() == [.beat])
    }
  }

  @Test func aProgramRunsFromItsStartToItsEnd() throws {
    try BrainUnderTest.run(on: InstanceInMemory(autostart: true)) { brain in
      try brain.welcome()
      try brain.list()
      let key = EntryKey(slot: 0, generation: 1)
      #expect(try brain.heard { $0.spawned != nil }.compactMap(\.spawned) == [key])
      #expect(brain.state(of: "web") == .starting)
      try brain.keeper.say(.spawned(key, pid: 4000, startTime: 7, cgroup: "", initPid: 0))
      #expect(try brain.heard().isEmpty && brain.state(of: "web") == .running)
      #expect(try brain.instance.state.read(slot: 0)?.runs.map(\.pid) == [4000])
      try brain.keeper.say(.exited(key, ExitRecord(kind: .exited, value: 0)))
      try brain.keeper.say(.treeEmpty(key))
      #expect(try brain.heard() == [.forget(key)])
      #expect(brain.state(of: "web") == .finished && brain.runs(of: "web").isEmpty)
      #expect(try brain.instance.state.read(slot: 0)?.runs == [])
    }
  }

  /// A keeper that is stopped takes nothing. What does not fit is dropped, in the end, and what did fit arrives in order.
  @Test func overflow() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      // Each one is answered by "forget": the brain knows of no such run.
      let asked: UInt32 = 80_000
      for generation in 1...asked {
        while try !brain.keeper.say(.treeEmpty(EntryKey(slot: 3, generation: generation))) { try brain.settle() }
      }
      try brain.settle()
      let forgotten = try brain.heard().compactMap { message in if case .forget(let key) = message { key.generation } else { nil }
      }
      #expect(forgotten.count >= 65_536 && forgotten.count < Int(asked))
      #expect(forgotten.elementsEqual(1...UInt32(forgotten.count)))
      #expect(brain.lines(.keeper).map(\.severity) == [.error])
      // There is room again.
      let last = EntryKey(slot: 3, generation: asked + 1)
      try brain.keeper.say(.treeEmpty(last))
      #expect(try brain.heard() == [.forget(last)])
    }
  }

  @Test(
    arguments: [
      [1], Array(repeating: 0xFF, count: 64), Array("GET / HTTP/1.1\r\n\r\n".utf8), Self.unknown(mayBeIgnored: false),
      KeeperMessage.treeEmpty(EntryKey(slot: 0, generation: 1)).encoded() + [0],
    ] as [[UInt8]]) func bytesThatAreNoMessage(_ bytes: [UInt8]) throws
  {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      try brain.keeper.say(bytes)
      try brain.settle()
      #expect(brain.lines(.keeper).map(\.severity) == [.error])
      try brain.answers()
    }
  }

  @Test func aMessageOfALaterKeeperThatMayBeIgnored() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      try brain.keeper.say(Self.unknown(mayBeIgnored: true))
      try brain.settle()
      #expect(brain.lines(.keeper).isEmpty)
      try brain.answers()
    }
  }

  /// Cut at any place it is refused, never read as something else.
  @Test func aMessageThatIsCut() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      let whole = KeeperMessage.adopted(.plain(0, 1)).encoded()
      for length in 1..<whole.count { try brain.keeper.say(Array(whole[..<length])) }
      try brain.settle()
      #expect(!brain.lines(.keeper).isEmpty)
      try brain.answers()
    }
  }

  /// Nobody else would close them.
  @Test(arguments: [
    Array(repeating: 0xFF, count: 16), Self.unknown(mayBeIgnored: true), KeeperMessage.hangUp.encoded(),
    KeeperMessage.treeEmpty(EntryKey(slot: 3, generation: 1)).encoded(), KeeperMessage.adopted(.plain(3, 1)).encoded(),
    KeeperMessage.spawned(EntryKey(slot: 0, generation: 1), pid: 4000, startTime: 7, cgroup: "", initPid: 0).encoded(),
  ]) func descriptorsThatNobodyWantsAreClosed(_ bytes: [UInt8]) throws {
    try BrainUnderTest.run(on: InstanceInMemory(autostart: true)) { brain in
      try brain.welcome()
      try brain.list()
      _ = try brain.heard { $0.spawned != nil }
      var pipe: [Int32] = [-1, -1]
      try #require(Glibc.pipe(&pipe) == 0)
      defer { close(pipe[0]) }
      // More than any of them carries.
      try brain.keeper.say(bytes, descriptors: [pipe[1], pipe[1], pipe[1]])
      close(pipe[1])
      try brain.settle()
      // The end of a pipe: no writer is left.
      var waiting = pollfd(fd: pipe[0], events: Int16(POLLIN), revents: 0)
      #expect(poll(&waiting, 1, 0) == 1 && waiting.revents == Int16(POLLHUP))
    }
  }

  @Test func aRunThatTheBrainDoesNotKnow() throws {
    try BrainUnderTest.run(on: InstanceInMemory()) { brain in
      _ = try brain.begin()
      let key = EntryKey(slot: 0, generation: 9)
      try brain.keeper.say(.spawned(key, pid: 1, startTime: 1, cgroup: "", initPid: 0))
      try brain.keeper.say(.exited(key, ExitRecord(kind: .exited, value: 0)))
      #expect(try brain.heard().isEmpty)
      try brain.keeper.say(.treeEmpty(key))
      try brain.keeper.say(.spawnFailed(key, SpawnError(stage: 1, errno: 2)))
      #expect(try brain.heard() == [.forget(key), .forget(key)])
    }
  }

  private static func unknown(mayBeIgnored: Bool) -> [UInt8] {
    var writer = ByteWriter()
    writer.put(UInt16(9999))
    writer.put(UInt16(mayBeIgnored ? 1 : 0))
    writer.record { $0.put(UInt64(5)) }
    return writer.bytes
  }
}

extension BrainUnderTest {
  /// The link works.
  func answers() throws {
    let key = EntryKey(slot: 3, generation: 1)
    try keeper.say(.treeEmpty(key))
    #expect(try heard() == [.forget(key)])
  }
}
