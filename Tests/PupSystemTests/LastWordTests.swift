import CLinux
import Glibc
import Testing

@testable import PupSystem

/// A line that nobody takes holds nobody up.
@Suite struct LastWordTests {
  @Test func theLineIsWritten() {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    #expect(pup_pipe(&reading, &writing, false) == 0)
    defer { for end in [reading, writing] { close(end) } }
    #expect(LastWord.say("it is over", to: writing, waiting: 10_000))
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(reading, &bytes, bytes.count)
    #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "it is over\n")
  }

  @Test(.timeLimit(.minutes(5))) func aPipeThatNobodyEmptiesIsNotWaitedFor() {
    var (reading, writing): (Int32, Int32) = (-1, -1)
    #expect(pup_pipe(&reading, &writing, true) == 0)
    let fill = [UInt8](repeating: 0, count: 4096)
    while write(writing, fill, fill.count) > 0 {}
    #expect(pup_set_nonblocking(writing, false) == 0)
    #expect(!LastWord.say("it is over", to: writing, waiting: 10))
    // Its thread ends here: nobody can read any more.
    signal(SIGPIPE, SIG_IGN)
    close(reading)
    close(writing)
  }

  @Test func aDescriptorThatIsNoneIsNoSuccess() {
    #expect(!LastWord.say("it is over", to: -1, waiting: 10_000))
  }
}
