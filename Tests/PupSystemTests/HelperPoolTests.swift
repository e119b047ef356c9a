import Glibc
import Testing

@testable import PupSystem

@Suite(.timeLimit(.minutes(5))) struct HelperPoolTests {
  /// A disk that hangs must not keep what is on another disk from being done.
  @Test func workBehindHangingPiecesIsDone() async throws {
    let pool = HelperPool()
    let gate = try Gate()
    for _ in 0..<10 { #expect(pool.run { gate.wait() }) }
    await withCheckedContinuation { continuation in
      #expect(pool.run { continuation.resume() })
    }
    gate.open()
    await withCheckedContinuation { continuation in
      #expect(pool.run { continuation.resume() }, "the pool still takes work")
    }
  }

  @Test func everyPieceIsDoneOnce() async {
    let pool = HelperPool()
    let seen = Recorder()
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<500 {
        group.addTask {
          await withCheckedContinuation { continuation in
            #expect(
              pool.run {
                seen.add(Int64(number))
                continuation.resume()
              })
          }
        }
      }
    }
    #expect(seen.values.sorted() == Array(0..<500).map(Int64.init))
  }
}

/// Holds threads up until it is opened.
private final class Gate: Sendable {
  private let ends: PipeEnds

  init() throws {
    ends = try PipeEnds(isBlocking: true)
  }

  func wait() {
    var watched = pollfd(fd: ends.read.number, events: Int16(POLLIN), revents: 0)
    while Glibc.poll(&watched, 1, -1) < 0, errno == EINTR {}
  }

  func open() {
    var byte: UInt8 = 1
    #expect(Glibc.write(ends.write.number, &byte, 1) == 1)
  }
}
