import Testing

@testable import PupKeeper

@Suite struct KeeperArgumentsTests {
  @Test func aSuccessorReadsWhatItsPredecessorWrote() throws {
    let words = [
      "pup-keeper", "--instance", "3", "--state", "4", "--streams", "5", "--sinks", "6", "--lock", "7", "--rows", "1024",
      "--keeper",
      "8", "--brain", "9", "--init", "10", "--programs", "/usr/libexec/pup", "--cgroup", "/sys/fs/cgroup/pup", "--open-files",
      "1024",
    ]
    var arguments = try KeeperArguments(words)
    arguments.resume = 11
    let again = try KeeperArguments(arguments.words(name: "pup-keeper"))
    #expect(again.resume == 11)
    #expect(again.descriptors == arguments.descriptors)
    #expect(again.descriptors == [3, 4, 5, 6, 7, 8, 9, 10])
    #expect(again.rows == 1024)
    #expect(again.programs == "/usr/libexec/pup")
    #expect(again.cgroupBase == "/sys/fs/cgroup/pup")
    #expect(again.openFiles == 1024)
  }

  @Test(arguments: [["x", "--state"], ["x", "--state", "-3"], ["x", "--state", "many"], ["x", "--what", "1"]])
  func nonsenseIsRefused(_ words: [String]) {
    #expect(throws: KeeperArguments.Invalid.self) { try KeeperArguments(words) }
  }

  @Test func checkComparesTheVersionOfTheState() {
    #expect(keeperMain(["pup-keeper", "--check", "\(Keeper.resumeVersion)"]) == 0)
    #expect(keeperMain(["pup-keeper", "--check", "999"]) == 1)
  }
}
