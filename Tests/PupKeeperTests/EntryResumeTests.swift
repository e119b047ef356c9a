import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

/// What travels through an exec of the keeper has to come out as it went in.
@Suite struct EntryResumeTests {
  /// No descriptor has such a number, so that closing it with each copy harms nobody.
  private static func unreal(_ number: Int32) -> Descriptor { Descriptor(1_002_000 + number) }

  private func roundTrip(_ entry: Entry) throws -> Entry {
    var writer = ByteWriter()
    entry.write(to: &writer)
    var reader = ByteReader(writer.bytes[...])
    let result = try Entry(from: &reader)
    #expect(reader.remaining == 0)
    return result
  }

  private func entry(_ phase: Entry.Phase, _ tree: Tree) -> Entry {
    var entry = Entry(key: EntryKey(slot: 7, generation: 9), phase: phase, tree: tree)
    (entry.pid, entry.handle, entry.startTime, entry.isChild) = (100, Self.unreal(20), 1 << 40, false)
    entry.output = OutputPipe(descriptor: Self.unreal(21), row: 3, consumed: 1 << 33, unanswered: .init(short: true))
    entry.error = OutputPipe(descriptor: Self.unreal(22), row: 4, consumed: 5, unanswered: nil)
    (entry.graceNanoseconds, entry.timeoutNanoseconds, entry.isPlugin) = (1, 2, true)
    entry.notices = [.exited, .empty]
    entry.announced = true
    entry.isKilled = true
    entry.statusDeadline = 77
    entry.stopping = .init(termAt: 5, killAt: 6, termSent: true)
    return entry
  }

  @Test func everyFieldSurvives() throws {
    var original = entry(.exited, Tree(cgroup: .init(name: "web.9", directory: Self.unreal(30), events: Self.unreal(31))))
    original.exit = ExitRecord(kind: .signaled, value: 9)
    original.exit?.ranOutOfMemory = true
    let copy = try roundTrip(original)
    #expect(copy.inventory == original.inventory)
    #expect(copy.allDescriptors == original.allDescriptors)
    #expect(copy.pidfd == original.pidfd)
    #expect(!copy.isChild)
    #expect(copy.output?.unanswered?.short == true)
    #expect(copy.error?.unanswered == nil)
    #expect(copy.graceNanoseconds == 1)
    #expect(copy.timeoutNanoseconds == 2)
    #expect(copy.isPlugin)
    #expect(copy.notices == [.exited, .empty])
    #expect(copy.announced)
    #expect(copy.isKilled)
    #expect(copy.statusDeadline == 77)
    #expect(copy.stopping?.killAt == 6)
    #expect(copy.stopping?.termSent == true)
  }

  @Test func everyPhaseAndTreeSurvives() throws {
    let cgroup = Tree.Cgroup(name: "a.1", directory: Self.unreal(40), events: Self.unreal(41))
    let initProcess = Tree.InitProcess(
      pid: 5, startTime: 77, pidfd: Self.unreal(42), reports: Self.unreal(43), hasEmptied: true)
    let trees = [
      .session, Tree(cgroup: cgroup), Tree(initProcess: initProcess), Tree(cgroup: cgroup, initProcess: initProcess),
    ]
    for tree in trees {
      for phase in [Entry.Phase.spawning(errorPipe: Self.unreal(50)), .running, .exited, .empty, .failed] {
        let original = entry(phase, tree)
        let copy = try roundTrip(original)
        #expect(copy.inventory == original.inventory)
        #expect(copy.allDescriptors == original.allDescriptors)
        #expect(copy.isLive == original.isLive)
        #expect(copy.tree.cgroup?.name == tree.cgroup?.name && copy.tree.cgroup?.events.number == tree.cgroup?.events.number)
        #expect(copy.tree.initProcess?.startTime == tree.initProcess?.startTime)
        #expect(copy.tree.initProcess?.hasEmptied == tree.initProcess?.hasEmptied)
      }
    }
  }

  /// It may change what happens to the programs.
  @Test func unknownPartOfATreeIsRefused() {
    var reader = ByteReader([8, 0, 0, 0, 0])
    #expect(throws: FormatError.unknown(what: "tree of kind", value: 8)) {
      try Tree(of: entry(.running, .session).inventory, from: &reader)
    }
  }
}
