import PupAPI
import PupSystem
import Testing

@testable import PupDaemon

@Suite struct MeasuredUsageTests {
  private let second: Int64 = 1_000_000_000

  private func usage(
    cpu milliseconds: Int64, at moment: Int64, age: Int64, generation: UInt32 = 1, before: MeasuredUsage? = nil
  ) -> MeasuredUsage {
    var tree = TreeUsage()
    tree.cpuMicroseconds = milliseconds * 1000
    return MeasuredUsage(tree, at: moment, generation: generation, age: age * 1000, before: before)
  }

  @Test(arguments: [(Int64(80), Int64(5), 8.0), (80, 0, 8), (80, -200, 8), (500, 1000, 50), (500, 2000, 25)])
  func aStartIsNoFlood(milliseconds: Int64, age: Int64, percent: Double) {
    #expect(usage(cpu: milliseconds, at: second, age: age).shown.cpuPercent == percent)
  }

  @Test func betweenTwoMeasurementsTheirDistanceCounts() {
    let first = usage(cpu: 80, at: second, age: 5)
    #expect(usage(cpu: 1080, at: 3 * second, age: 2005, before: first).shown.cpuPercent == 50)
    // Another run has nothing to do with it.
    #expect(usage(cpu: 100, at: 3 * second, age: 10, generation: 2, before: first).shown.cpuPercent == 10)
  }
}
