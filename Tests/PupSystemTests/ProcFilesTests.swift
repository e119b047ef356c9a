import Glibc
import Testing

@testable import PupSystem

@Suite struct ProcFilesTests {
  @Test func programsAreNeitherThreadsOfTheKernelNorZombies() throws {
    var zombie: pid_t = 0
    var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(words[0]) }
    try #require(posix_spawnp(&zombie, "true", nil, nil, &words, environ) == 0)
    defer { waitpid(zombie, nil, 0) }
    var information = siginfo_t()
    // Ended, and not yet taken away.
    try #require(waitid(P_PID, id_t(zombie), &information, WEXITED | WNOWAIT) == 0)
    let programs = ProcFiles.programs()
    #expect(programs.contains(getpid()))
    #expect(!programs.contains(zombie))
    // Who is not root may not look: they count then, and their names tell.
    if geteuid() == 0, ProcFiles.name(of: 2) == "kthreadd" { #expect(!programs.contains(2)) }
  }
}
