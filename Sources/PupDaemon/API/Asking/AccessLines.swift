/// Lines about requests, so many in a second; more of them are counted.
struct AccessLines {
  private static let linesPerSecond = 50

  private var second: Int64 = 0
  private var count = 0

  /// The lines to write for a request.
  /// - Parameter now: nanoseconds.
  mutating func lines(for request: String, at now: Int64) -> [String] {
    var lines: [String] = []
    if now / 1_000_000_000 != second {
      if count > Self.linesPerSecond { lines.append("\(count - Self.linesPerSecond) more requests in that second") }
      (second, count) = (now / 1_000_000_000, 0)
    }
    count += 1
    if count <= Self.linesPerSecond { lines.append(request) }
    return lines
  }
}
