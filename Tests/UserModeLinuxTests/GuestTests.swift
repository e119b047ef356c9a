internal import Glibc
internal import PupTestSupport
internal import Testing

extension KernelTests {
  /// The harness itself: a test may hang, and its kernel must not outlive it.
  @Suite struct GuestTests {
    @Test func endsAtItsLimitAndLeavesNothing() async throws {
      let script = """
        sleep 1000 &
        wait
        """
      let failure = await #expect(throws: Failure.self) { try await Guest.run(script, seconds: 4) { _ in } }
      #expect(failure?.description.hasPrefix("the kernel has not ended within 4.0 s") == true)
    }

    @Test func tellsWhatWasAwaitedInVain() async throws {
      let failure = await #expect(throws: Failure.self) {
        try await Guest.run("wait_for 1 test -e never", seconds: 20) { _ in }
      }
      #expect(failure?.description.hasPrefix("awaited in vain: test -e never") == true)
    }

    @Test func movesItsOwnClockOnly() async throws {
      let before = time(nil)
      try await Guest.run("mark a\nstep -3600\nmark b\n", seconds: 20) { report in
        let after = time(nil)
        let (a, b) = (try report.mark("a"), try report.mark("b"))
        #expect((-3600 ... -3590).contains(b.wall - a.wall))
        #expect((0...10).contains(b.uptime - a.uptime))
        #expect((before - 2...after + 2).contains(a.wall))
        #expect((0...600).contains(after - before))
      }
    }
  }
}
