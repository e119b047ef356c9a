import Glibc
import PupSystem
import Testing

@testable import PupKeeper

@Suite struct RunRegistryTests {
  private func key(_ slot: UInt32, _ generation: UInt32) -> EntryKey { EntryKey(slot: slot, generation: generation) }

  @Test func noGenerationBeginsTwice() {
    let runs = RunRegistry()
    #expect(runs.begin(key(1, 3)))
    #expect(!runs.begin(key(1, 3)))
    #expect(!runs.begin(key(1, 2)))
    #expect(runs.begin(key(1, 4)))
    #expect(runs.begin(key(2, 1)))
    #expect(!runs.begin(key(EntryKey.slotLimit, 1)))
    #expect(runs.lastGeneration == [1: 4, 2: 1])
  }

  @Test func onlyOneThatLivesTakesItsNumber() {
    let runs = RunRegistry()
    runs[key(1, 5)] = Entry(key: key(1, 5), phase: .running, tree: .session)
    runs[key(2, 5)] = Entry(key: key(2, 5), phase: .empty, tree: .session)
    for slot in [UInt32(1), 2] { runs.adopted(key(slot, 5)) }
    #expect(!runs.begin(key(1, 5)))
    #expect(runs.begin(key(2, 5)), "of an instance that is gone")
    runs[key(2, 6)] = Entry(key: key(2, 6), phase: .running, tree: .session)
    #expect(runs.begin(key(2, 9)))
    runs.adopted(key(2, 6))
    #expect(!runs.begin(key(2, 9)), "an older one does not turn it back")
  }

  @Test func failuresAreToBeTold() throws {
    let runs = RunRegistry()
    runs.recordFailure(key(1, 1), SpawnError(.clone, errno: EAGAIN))
    let entry = try #require(runs[key(1, 1)])
    #expect(!entry.isLive && entry.announced && entry.notices == .outcome)
    #expect(entry.failure == SpawnError(.clone, errno: EAGAIN))
  }

  @Test func aRequestThatIsRepeatedIsAnsweredByAllThatHappened() {
    let runs = RunRegistry()
    let told: [(Entry.Phase, Entry.Notices)] = [
      (.spawning(errorPipe: Descriptor(-1)), []), (.running, .outcome), (.failed, .outcome), (.exited, [.outcome, .exited]),
      (.empty, [.outcome, .exited, .empty]),
    ]
    for (number, (phase, notices)) in told.enumerated() {
      let key = key(UInt32(number), 1)
      runs[key] = Entry(key: key, phase: phase, tree: .session)
      runs.repeatNotices(key)
      #expect(runs[key]?.notices == notices && runs[key]?.announced == true)
    }
  }

  @Test func aNewBrainKnowsNothing() {
    let runs = RunRegistry()
    runs.recordFailure(key(1, 1), SpawnError(.pipe, errno: EMFILE))
    runs.forgetAnnouncements()
    #expect(runs[key(1, 1)]?.announced == false && runs[key(1, 1)]?.notices == .outcome)
    runs.announced(key(1, 1))
    #expect(runs[key(1, 1)]?.announced == true && runs[key(1, 1)]?.notices == [])
  }
}
