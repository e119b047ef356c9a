import Testing

@testable import PupSystem

@Suite struct SupervisorArgumentsTests {
  @Test(arguments: [false, true]) func whatIsWrittenIsReadBack(isStandby: Bool) throws {
    let arguments = SupervisorArguments(control: 3, logs: 4, isStandby: isStandby)
    #expect(arguments.words == ["pup-supervisor", "--control", "3", "--logs", "4"] + (isStandby ? ["--standby"] : []))
    #expect(SupervisorArguments(arguments.words) == arguments)
    #expect(SupervisorArguments(arguments.words + ["--optional-later", "--control"]) == arguments)
  }

  @Test(arguments: [["x"], ["x", "--control", "3"], ["x", "--control", "3", "--logs", "four"], ["x", "--what"]])
  func whatNoKeeperWritesIsRefused(_ words: [String]) {
    #expect(SupervisorArguments(words) == nil)
  }
}
