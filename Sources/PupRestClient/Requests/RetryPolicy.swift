/// Whether another attempt makes sense, and when.
enum RetryPolicy {
  /// Longest delay that is waited out inside a call.
  static let longest: Duration = .seconds(5)

  /// - Parameters:
  ///   - attempt: 0 for the first one.
  ///   - random: 0..<1.
  /// - Returns: nil where the outcome stands.
  static func delay(
    after outcome: Transfer.Outcome, attempt: Int, isIdempotent: Bool, base: Duration, random: Double
  ) -> Duration? {
    var wanted: Duration?
    switch outcome {
    case .failure(let failure):
      switch failure.kind {
      // Nobody has heard the request: it may be repeated whatever it is.
      case .connect: break
      case .broken, .timedOut: guard isIdempotent else { return nil }
      case .cancelled, .unusable, .overloaded: return nil
      }
    case .success(let answer):
      let isPassing = answer.status == 429 || (500..<600).contains(answer.status) && answer.status != 501
      guard isPassing, isIdempotent else { return nil }
      wanted = answer.retryAfter
    }
    if let wanted, wanted > longest { return nil }
    let grown = base * (1 << min(attempt, 10))
    return max(wanted ?? .zero, min(grown, longest) * (1 - random / 2))
  }
}
