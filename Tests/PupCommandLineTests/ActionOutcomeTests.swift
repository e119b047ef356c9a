import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct ActionOutcomeTests {
  private func outcome(_ action: ProcessAction, _ state: APIProcessState, _ code: Int32? = nil, again: Bool = false)
    -> ActionOutcome
  {
    var process = ProcessInformation(id: "web", status: state, updated: ISODate(milliseconds: 0))
    process.code = code
    process.pid = 42
    process.pendingRestartReason = again ? "by policy" : nil
    return ActionOutcome(id: "web", action: action, kind: .result(.done), state: process)
  }

  @Test func whatRunsIsStarted() {
    #expect(outcome(.start, .running).line == "web: started (pid 42)")
    #expect(outcome(.start, .running).exitCode == 0)
  }

  @Test(arguments: [ProcessAction.start, .restart]) func whatHasFailedSinceIsNoSuccess(_ action: ProcessAction) {
    let failed = outcome(action, .errored, 3)
    #expect(failed.exitCode == 1 && failed.line == "web: \(action.participle), but ended: exit code 3")
    #expect(outcome(action, .exhausted, 3).exitCode == 1)
    #expect(outcome(action, .errored, 3, again: true).line.hasSuffix("exit code 3; it is started again"))
  }

  @Test func whatHasDoneItsWorkIs() {
    let ended = outcome(.start, .finished, 0)
    #expect(ended.exitCode == 0 && ended.line == "web: started, and has ended: exit code 0")
    #expect(outcome(.stop, .finished, 0).line == "web: stopped")
    #expect(outcome(.stop, .errored, 3).exitCode == 0)
  }
}
