import Testing

@testable import PupSystem

@Suite struct KeeperArgumentsTests {
  /// Every field differs from its default and from every other.
  private static var full: KeeperArguments {
    var arguments = KeeperArguments()
    for (index, descriptor) in WelcomeDescriptor.allCases.enumerated() { arguments[descriptor] = Int32(20 + index) }
    (arguments.rows, arguments.openFiles) = (1024, 4096)
    (arguments.programs, arguments.runtime) = ("/usr/libexec/pup", "/run/pup/ a b")
    (arguments.pointer, arguments.cgroupBase) = ("--state", "/sys/fs/cgroup/pup")
    (arguments.brainPid, arguments.control, arguments.logs) = (4711, 40, 41)
    (arguments.resume, arguments.check) = (42, 1)
    return arguments
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let words = Self.full.words
    #expect(words.first == "pup-keeper")
    #expect(words.count == 1 + 2 * KeeperArguments.Option.allCases.count, "every option is written")
    #expect(try KeeperArguments(words) == Self.full)
    #expect(try KeeperArguments(KeeperArguments().words) == KeeperArguments())
    #expect(KeeperArguments().words == ["pup-keeper"])
  }

  /// Keepers of other versions read and write these.
  @Test func theWordsAreThoseOfTheFirstVersion() throws {
    var arguments = KeeperArguments()
    for (index, descriptor) in WelcomeDescriptor.allCases.enumerated() { arguments[descriptor] = Int32(3 + index) }
    (arguments.rows, arguments.openFiles) = (16, 1024)
    (arguments.programs, arguments.runtime, arguments.pointer, arguments.cgroupBase) = ("/p", "/r", "/f", "/c")
    (arguments.brainPid, arguments.control, arguments.logs) = (77, 11, 12)
    let words = [
      "pup-keeper", "--instance", "3", "--state", "4", "--streams", "5", "--sinks", "6", "--lock", "7", "--rows", "16",
      "--keeper",
      "8", "--brain", "9", "--init", "10", "--programs", "/p", "--runtime", "/r", "--pointer", "/f", "--cgroup", "/c",
      "--open-files", "1024", "--brain-pid", "77", "--control", "11", "--logs", "12",
    ]
    #expect(arguments.words == words)
    #expect(try KeeperArguments(words) == arguments)
    #expect(
      try KeeperArguments(["pup-keeper", "--cgroup", "", "--rows", "0"]) == KeeperArguments(), "as earlier builds wrote it")
  }

  @Test func theDescriptorsAreThoseOfAWelcomeInItsOrder() {
    #expect(Self.full.descriptors == [20, 21, 22, 23, 24, 25, 26, 27])
    var arguments = Self.full
    arguments.lock = -1
    #expect(arguments.descriptors == [20, 21, 22, 23, 25, 26, 27])
    #expect(!arguments.words.contains("--lock"))
  }

  @Test(arguments: [
    ["x", "--state"], ["x", "--state", "-3"], ["x", "--state", "many"], ["x", "--rows", "5000000000"], ["x", "--what", "1"],
  ])
  func nonsenseIsRefused(_ words: [String]) {
    #expect(throws: KeeperArguments.Invalid.self) { try KeeperArguments(words) }
  }

  @Test func whatALaterVersionMayLeaveOutIsSkipped() throws {
    #expect(try KeeperArguments(["x", "--optional-later", "what ever", "--rows", "3"]).rows == 3)
    #expect(throws: KeeperArguments.Invalid.self) { try KeeperArguments(["x", "--optional-later"]) }
  }

  @Test func oneValueIsReadFromTheCommandLineOfAnyVersion() {
    let words = Self.full.words
    #expect(KeeperArguments.value(.state, in: words) == "21", "not what stands for a path")
    #expect(KeeperArguments.value(.programs, in: words) == "/usr/libexec/pup")
    #expect(KeeperArguments.value(.state, in: ["pup-keeper", "--later", "7", "--state", "9"]) == "9")
    for words in [[], ["pup-keeper"], ["pup-keeper", "--state"], ["pup-keeper", "--later", "--state"]] {
      #expect(KeeperArguments.value(.state, in: words) == nil)
    }
  }
}
