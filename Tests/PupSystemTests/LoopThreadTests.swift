import CLinux
import Glibc
import Testing

@testable import PupSystem

@Suite(.timeLimit(.minutes(5))) struct LoopThreadTests {
  /// Nobody would notice a thread that is missing; whoever started the process does notice its end.
  @Test func aLoopThatFailsEndsTheProcessWithAMessage() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(LoopThread.failureExitCode), observing: [\.standardErrorContent]
    ) {
      let loop = try EventLoop(name: "pup-example")
      loop.post {
        for number in ProcFiles.entries(of: "/proc/self/fd") ?? [] {
          var target = [CChar](repeating: 0, count: 64)
          let count = pup_readlinkat(AT_FDCWD, "/proc/self/fd/\(number)", &target, target.count)
          let words = String(decoding: target.prefix(max(Int(count), 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
          if words == "anon_inode:[eventpoll]" { close(number) }
        }
      }
      try LoopThread(running: loop).join()
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(message.contains("thread pup-example: epoll_wait: Bad file descriptor (errno 9)"))
  }

  @Test func thePulseTellsWorkFromRest() async throws {
    let loop = try EventLoop(name: "pulse")
    #expect(loop.pulse.value % 2 == 0, "not running yet")
    let thread = try LoopThread(running: loop)
    let seen = Recorder()
    await withCheckedContinuation { continuation in
      loop.post { seen.add(Int64(loop.pulse.value)) }
      loop.post {
        seen.add(Int64(loop.pulse.value))
        #expect(!loop.pulse.isWaitingForDisk)
        continuation.resume()
      }
    }
    #expect(seen.values.allSatisfy { $0 % 2 == 1 }, "busy")
    #expect(Set(seen.values).count == 2, "each piece of work has its own number")
    loop.stop()
    thread.join()
    #expect(loop.pulse.value % 2 == 0)
  }
}
