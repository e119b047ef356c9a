import Glibc
import PupSystem
import PupTestSupport
import Testing

@testable import PupLogs

/// `/dev/stdout` is written to whatever is behind it, and never waited for.
@Suite struct StandardDescriptorTests {
  private func send(_ text: String, to number: Int32) throws -> Int32 {
    var way = LogFile.Way.plain
    let file = try StandardDescriptor(number: number).open(&way)
    return Array(text.utf8).withUnsafeBytes { LogFile.write($0, to: file.number, way).errno }
  }

  private func read(_ number: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = Glibc.read(number, &bytes, 100)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test(arguments: [
    "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2",
  ]) func everyNameOfThemIsKnown(path: String) {
    #expect(StandardDescriptor(path: path)?.number == (path.hasSuffix("1") || path.hasSuffix("out") ? 1 : 2))
  }

  @Test func otherPathsAreFiles() {
    #expect(StandardDescriptor(path: "/dev/fd/10") == nil)
    #expect(StandardDescriptor(path: "/srv/stdout") == nil)
  }

  @Test func aSocketIsWrittenToAndNotWaitedFor() throws {
    var ends: [Int32] = [0, 0]
    #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(try send("hello", to: ends[0]) == 0)
    #expect(read(ends[1]) == "hello")
    // Full, and nobody reads.
    var code: Int32 = 0
    while code == 0 { code = try send(String(repeating: "x", count: 60_000), to: ends[0]) }
    #expect(code == EAGAIN)
    // The descriptor itself still waits, as its other users expect.
    #expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK == 0)
  }

  @Test func aFileIsWrittenWhereItsOtherUsersAre() throws {
    let folder = try TemporaryFolder()
    let file = open(folder.at("out"), O_WRONLY | O_CREAT, 0o644)
    defer { close(file) }
    writeAll(file, Array("one ".utf8))
    #expect(try send("two ", to: file) == 0)
    writeAll(file, Array("three".utf8))
    #expect(text(folder.at("out")) == "one two three")
  }

  @Test func aPipeThatNobodyReadsIsNotWaitedFor() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var code: Int32 = 0
    while code == 0 { code = try send(String(repeating: "x", count: 60_000), to: ends[1]) }
    #expect(code == EAGAIN)
    #expect(fcntl(ends[1], F_GETFL) & O_NONBLOCK == 0)
  }

  @Test func aClosedOneIsAnError() throws {
    #expect(throws: SystemError.self) { try send("x", to: 999) }
  }
}
