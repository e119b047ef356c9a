import PupBasics
import PupSystem
import Testing

@testable import PupKeeper

/// How long a supervisor may take.
@Suite struct BrainDeadlineTests {
  private static let second = Clock.second

  /// No descriptor has these numbers, so that closing them harms nobody.
  private func brain(_ number: Int32) -> Brain {
    Brain(
      pid: 7, pidfd: Descriptor(1_000_300 + number), control: PacketSocket(owning: 1_000_100 + number),
      logs: PacketSocket(owning: 1_000_200 + number), isChild: true, now: 0)
  }

  @Test func oneThatBeatsAndNeverSupervisesIsNotWaitedForForEver() {
    let brain = brain(1)
    #expect(brain.deadline(safeModeEnd: nil) == 5 * Self.second)
    brain.lastBeat = 29 * Self.second
    #expect(brain.deadline(safeModeEnd: nil) == 30 * Self.second)
    #expect(brain.fault(at: 30 * Self.second) == "it did not greet within 30 s")
    (brain.greeted, brain.progressAt, brain.lastBeat) = (true, 20 * Self.second, 49 * Self.second)
    #expect(brain.deadline(safeModeEnd: nil) == 50 * Self.second)
    #expect(brain.fault(at: 50 * Self.second) == "it got no nearer to supervising for 30 s")
    #expect(!brain.isSilent(at: 50 * Self.second))
  }

  @Test func oneThatSupervisesOnlyHasToBeat() {
    let brain = brain(2)
    (brain.greeted, brain.readyAt, brain.lastBeat) = (true, 1, 100 * Self.second)
    #expect(brain.deadline(safeModeEnd: nil) == 105 * Self.second)
    #expect(brain.deadline(safeModeEnd: 101 * Self.second) == 101 * Self.second)
    #expect(brain.fault(at: 105 * Self.second) == "it did not answer for 5 s")
  }

  @Test func oneThatBeatsAndDoesNotMakeWay() {
    let brain = brain(4)
    (brain.greeted, brain.readyAt, brain.lastBeat, brain.yieldingSince) = (true, 1, 104 * Self.second, 100 * Self.second)
    #expect(brain.deadline(safeModeEnd: nil) == 105 * Self.second)
    #expect(brain.fault(at: 105 * Self.second) == "it did not make way within 5 s")
  }

  @Test func afterAnExecItHasToBeUnderstood() {
    let brain = brain(3)
    brain.agreed = 9
    #expect(brain.isUnderstood, "it has not greeted yet")
    brain.greeted = true
    #expect(!brain.isUnderstood)
    brain.agreed = ProtocolFormat.messages.current.written
    #expect(brain.isUnderstood)
  }
}
