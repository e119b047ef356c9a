/// Decides whether and when to make another attempt.
enum RetryPolicy {
  /// The longest delay to wait for within a call.
  static let longest: Duration = .seconds(5)

  /// - Parameters:
  ///   - attempt: 0 for the first one.
  ///   - random: 0..<1.
  /// - Returns: nil if the outcome is final.
  static func delay(
    after outcome: Transfer.Outcome, attempt: Int, isIdempotent: Bool, base: Duration, random: Double
  ) -> Duration? {
    var wanted: Duration?
    switch outcome {
    case .failure(let failure):
      switch failure.kind {
      // The server did not receive the request, so it may be repeated whatever it is.
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
