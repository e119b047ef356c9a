import Glibc
import PupSystem
import Testing

@testable import PupKeeper

/// What the end of a brain says about the next one.
@Suite struct BrainEndTests {
  /// No descriptor has these numbers, so that closing them harms nobody.
  private func brain(_ number: Int32, isChild: Bool = true, report: Descriptor? = nil) -> Brain {
    Brain(
      pid: 7, pidfd: Descriptor(1_001_100 + number), control: PacketSocket(owning: 1_001_200 + number),
      logs: PacketSocket(owning: 1_001_300 + number), isChild: isChild, startReport: report, now: 0)
  }

  @Test func diesByItsOwnFault() {
    let brain = brain(1)
    #expect(BrainEnd(of: brain, .signaled(SIGSEGV)) == .fault("signal 11"))
    #expect(BrainEnd(of: brain, .exited(3)) == .fault("exit code 3"))
    #expect(BrainEnd(of: brain, .signaled(SIGKILL)) == .fault("signal 9"), "before it had taken over")
    brain.lastWords = "the disk is gone"
    #expect(BrainEnd(of: brain, .exited(3)) == .fault("the disk is gone"))
  }

  @Test func killedFromOutsideWhileItSupervised() {
    let brain = brain(2)
    brain.readyAt = 5
    #expect(BrainEnd(of: brain, .signaled(SIGKILL)) == .killed("signal 9"))
    brain.abortedAt = 6
    #expect(BrainEnd(of: brain, .signaled(SIGKILL)) == .fault("signal 9"), "by this keeper, for its silence")
  }

  @Test func madeWay() {
    let brain = brain(3)
    (brain.readyAt, brain.yieldingSince) = (5, 6)
    #expect(BrainEnd(of: brain, .exited(0)) == .madeWay)
    #expect(BrainEnd(of: brain, .exited(1)) == .fault("exit code 1"))
    brain.abortedAt = 7
    #expect(BrainEnd(of: brain, .exited(0)) == .fault("exit code 0"), "it was asked to abort meanwhile")
    #expect(BrainEnd(of: self.brain(4), .exited(0)) == .fault("exit code 0"), "nobody has asked it to")
  }

  @Test func refuses() {
    let brain = brain(5)
    let words = "it must not guess at what this instance has left (exit code 76)"
    #expect(BrainEnd(of: brain, .exited(BrainMessage.refusalExitCode)) == .refusal(words))
    brain.lastWords = "the state file is of version 9"
    #expect(BrainEnd(of: brain, .exited(BrainMessage.refusalExitCode)).refusal == "the state file is of version 9")
    brain.readyAt = 1
    #expect(BrainEnd(of: brain, .exited(BrainMessage.refusalExitCode)).refusal == nil, "one that supervised has not refused")
    brain.refusal = "its greeting is not understood"
    #expect(BrainEnd(of: brain, .signaled(SIGKILL)) == .refusal("its greeting is not understood"))
  }

  @Test func isShortOfSomething() {
    let brain = brain(6)
    let failure = StartFailure("its own start", errno: EAGAIN)
    #expect(BrainEnd(of: brain, .exited(BrainMessage.shortageExitCode)) == .notStarted(failure))
    brain.readyAt = 1
    #expect(BrainEnd(of: brain, .exited(BrainMessage.shortageExitCode)) == .fault("exit code 75"))
  }

  @Test func couldNotBeExecuted() throws {
    let pipe = try PipeEnds(isBlocking: false)
    var record: (stage: UInt32, error: Int32) = (SpawnStage.exec.rawValue, ENOENT)
    let size = MemoryLayout.size(ofValue: record)
    #expect(write(pipe.write.number, &record, size) == size)
    let brain = brain(7, report: pipe.read)
    #expect(BrainEnd(of: brain, .exited(127)) == .notStarted(StartFailure(SpawnStage.exec.word, errno: ENOENT)))
    #expect(BrainEnd(of: brain, .exited(127)) == .fault("exit code 127"), "it says so once")
  }

  @Test func ofSomebodyElsesChildNobodyKnowsHow() {
    let brain = brain(8, isChild: false)
    #expect(BrainEnd(of: brain, .unknown) == .fault("it ended"))
    brain.readyAt = 1
    #expect(BrainEnd(of: brain, .unknown) == .fault("it ended"))
  }
}
