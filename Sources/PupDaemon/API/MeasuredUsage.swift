internal import PupAPI
internal import PupSystem

/// A run's tree at two moments, from which its share of a processor follows.
struct MeasuredUsage: Hashable, Sendable {
  private(set) var shown: ProcessResources
  private let tree: TreeUsage
  private let moment: Int64
  let generation: UInt32

  /// What a start costs is told as a share of this at least, in microseconds: of the moments that a run is old, it would be
  /// several processors.
  private static let leastSpan: Int64 = 1_000_000

  /// - Parameters:
  ///   - moment: CLOCK_BOOTTIME, nanoseconds.
  ///   - age: of the run, in microseconds.
  ///   - before: the measurement before this one; of another run it does not count.
  init(_ tree: TreeUsage, at moment: Int64, generation: UInt32, age: Int64, before: MeasuredUsage?) {
    self.tree = tree
    self.moment = moment
    self.generation = generation
    var (used, span) = (tree.cpuMicroseconds, age)
    if let before, before.generation == generation {
      used -= before.tree.cpuMicroseconds
      span = (moment - before.moment) / 1000
    }
    let percent = Double(max(used, 0)) * 100 / Double(max(span, Self.leastSpan))
    shown = ProcessResources(
      processes: tree.processes, memory: tree.memory, cpuSeconds: Double(tree.cpuMicroseconds) / 1_000_000,
      cpuPercent: (percent * 10).rounded() / 10)
  }
}
