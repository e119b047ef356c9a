/// How long to wait before reconnecting the stream: 2.5 s, doubling up to 30 s, with 20 % jitter.
struct Reconnection: Hashable, Sendable {
  let longest: Duration
  private(set) var shortest: Duration
  private var next: Duration

  init(shortest: Duration, longest: Duration) {
    self.longest = max(longest, shortest)
    self.shortest = shortest
    next = shortest
  }

  /// The connection delivered something, so the next failure starts with the shortest delay.
  mutating func worked() { next = shortest }

  /// Uses the delay requested by the server.
  mutating func use(milliseconds: Int) {
    let wanted = min(max(.milliseconds(milliseconds), .milliseconds(10)), longest)
    guard wanted != shortest else { return }
    shortest = wanted
    next = wanted
  }

  /// - Parameter random: 0..<1.
  mutating func delay(random: Double) -> Duration {
    defer { next = min(next * 2, longest) }
    return next * (0.8 + 0.4 * random)
  }
}
