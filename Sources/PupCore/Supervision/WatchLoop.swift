internal import PupBasics

/// Detects a program that changes its own watched files, so that each restart causes the next one. Such
/// restarts are slowed down. A change that occurs within seconds of a start, or as long after it as the
/// previous change did after its own start, run after run, is not made by a person with an editor.
struct WatchLoop: Hashable, Sendable {
  /// Changes in a row that seemed to be the program's own.
  private(set) var streak = 0
  /// Time since the start of its run.
  private var offset = Delay.zero
  private var folder = ""
  private var judged: UInt32 = 0

  /// How many occurrences in a row are still considered chance.
  private static let tolerated = 4
  private static let soon = Delay.seconds(3)
  private static let longest = Delay.seconds(60)
  private static let leastDelay: Int64 = 2

  /// How long the next restart waits; nil if nothing is wrong.
  private(set) var delay: Delay?

  /// A file changed.
  /// - Parameters:
  ///   - run: the run during which it changed; nil before the first start.
  ///   - isRestart: whether the run was started by a change.
  mutating func note(_ path: String, in run: UInt32, after elapsed: Delay, isRestart: Bool) {
    let folder = Self.folder(of: path)
    // The first change in a run decides; later ones in the same folder are of the same kind.
    guard run != judged else {
      if folder != self.folder { delay = nil }
      return
    }
    let isSoon = elapsed <= Self.soon || (isRestart && elapsed <= Self.longest && isLike(offset, elapsed))
    streak = isSoon ? (isRestart ? streak + 1 : 1) : 0
    (judged, offset, self.folder) = (run, elapsed, folder)
    delay = streak < Self.tolerated ? nil : Self.delay(for: streak)
  }

  private func isLike(_ one: Delay, _ other: Delay) -> Bool {
    let difference = one.nanoseconds - other.nanoseconds
    return abs(difference) <= 500_000_000 + other.nanoseconds / 10
  }

  /// 2, 4, 8 … 60 s.
  private static func delay(for streak: Int) -> Delay {
    let doubled = min(streak - tolerated, 8)
    return min(.seconds(leastDelay << Int64(doubled)), longest)
  }

  private static func folder(of path: String) -> String {
    PathText.start(of: path) ?? ""
  }
}
