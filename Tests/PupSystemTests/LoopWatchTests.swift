import Testing

@testable import PupSystem

/// On a clock of the test's own.
@Suite struct LoopWatchTests {
  private static let second: Int64 = 1_000_000_000

  private struct Bench {
    var watch = LoopWatch()
    var now: Int64 = 5_000 * LoopWatchTests.second
    var pulse: UInt64 = 7
    var isEssential = true
    var isWaitingForDisk = false

    /// So many looks, one a second.
    mutating func look(_ times: Int = 1, every interval: Int64 = LoopWatchTests.second) -> [LoopWatch.Finding] {
      var findings: [LoopWatch.Finding] = []
      for _ in 0..<times {
        now += interval
        let waits = isWaitingForDisk
        let subject = LoopWatch.Subject(name: "logs", pulse: pulse, isEssential: isEssential) { waits }
        findings += watch.look(at: [subject], now: now)
      }
      return findings
    }
  }

  @Test func aLoopThatIsBusyForTooLongIsReportedOnceThenEndsTheProcess() {
    var bench = Bench()
    #expect(bench.look(10) == [], "9 s since it was first seen")
    #expect(bench.watch.stuck.isEmpty)
    #expect(bench.look() == [.busy("logs", nanoseconds: 10 * Self.second, waitsForDisk: false)])
    #expect(bench.watch.stuck.map(\.name) == ["logs"])
    #expect(bench.look(49) == [])
    #expect(bench.look() == [.endless("logs", nanoseconds: 60 * Self.second)])
  }

  @Test func oneThatGoesOnIsReportedAsRecovered() {
    var bench = Bench()
    #expect(bench.look(31).count == 1)
    bench.pulse += 2
    #expect(bench.look() == [.recovered("logs", nanoseconds: 30 * Self.second)])
    #expect(bench.watch.stuck.isEmpty)
    #expect(bench.look(9) == [])
    #expect(bench.look() == [.busy("logs", nanoseconds: 10 * Self.second, waitsForDisk: false)], "from the beginning")
  }

  @Test func oneThatWaitsForEventsIsNotBusy() {
    var bench = Bench()
    bench.pulse = 8
    #expect(bench.look(1000) == [])
  }

  @Test func progressIsNoReasonForAReport() {
    var bench = Bench()
    for _ in 0..<1000 {
      bench.pulse += 2
      #expect(bench.look() == [])
    }
  }

  @Test func oneThatIsNotEssentialIsOnlyReported() {
    var bench = Bench()
    bench.isEssential = false
    #expect(bench.look(10_000).count == 1)
  }

  /// Stopped by SIGSTOP or a debugger, in a machine that was suspended, or without a processor: the looking loop did not run
  /// either.
  @Test func timeInWhichNobodyLookedHardlyCounts() {
    var bench = Bench()
    _ = bench.look(2)
    #expect(bench.look(1, every: 3600 * Self.second) == [])
    #expect(bench.look(1, every: 3600 * Self.second) == [])
    #expect(bench.look(4) == [], "1 + 2 + 2 + 4 s")
    #expect(bench.look().count == 1)
    #expect(bench.look(1, every: -Self.second) == [], "a clock that steps back")
  }

  @Test func aWaitForADiskEndsNothing() {
    var bench = Bench()
    bench.isWaitingForDisk = true
    #expect(bench.look(600) == [.busy("logs", nanoseconds: 10 * Self.second, waitsForDisk: true)])
    bench.isWaitingForDisk = false
    #expect(bench.look(59) == [])
    #expect(bench.look() == [.endless("logs", nanoseconds: 659 * Self.second)], "it was not the disk")
  }

  @Test func whatIsNoLongerThereIsForgotten() {
    var bench = Bench()
    #expect(bench.look(20).count == 1)
    #expect(bench.watch.look(at: [], now: bench.now) == [])
    #expect(bench.watch.stuck.isEmpty)
    #expect(bench.look(10) == [])
  }
}
