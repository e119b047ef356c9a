import PupCore
import PupInstance
import PupSystem
import Testing

@testable import PupDaemon

@Suite struct ManagedProcessTests {
  private func run(_ generation: UInt32, isOver: Bool) -> LiveRun {
    var run = LiveRun(
      record: RunRecord(
        generation: generation, rowOut: 2 * generation, rowErr: 2 * generation + 1, graceNanoseconds: 0, timeoutNanoseconds: 0))
    (run.isEmpty, run.isReleased, run.openStreams) = (isOver, isOver, [.standardOutput])
    return run
  }

  /// A flood of other programs' output can keep the last words of hundreds of short runs waiting; the state is written all the
  /// same.
  @Test func runsWhoseOutputIsReadAreNotInTheState() {
    var process = ManagedProcess(id: ProcessID("web"), slot: 0, configuration: nil)
    for generation in 1...500 as ClosedRange<UInt32> { process.runs[generation] = run(generation, isOver: true) }
    for generation in 501...503 as ClosedRange<UInt32> { process.runs[generation] = run(generation, isOver: false) }
    #expect(process.state.runs.map(\.generation) == [501, 502, 503])
    #expect(!process.isFull)
    for generation in 504..<504 + UInt32(StateSlot.capacity) { process.runs[generation] = run(generation, isOver: false) }
    #expect(process.isFull)
  }
}
