import Testing

@testable import PupRestClient

@Suite struct RetryPolicyTests {
  private func delay(
    _ outcome: Transfer.Outcome, idempotent: Bool = true, attempt: Int = 0, random: Double = 0
  ) -> Duration? {
    RetryPolicy.delay(after: outcome, attempt: attempt, isIdempotent: idempotent, base: .milliseconds(100), random: random)
  }

  private func status(_ status: Int, retryAfter: Duration? = nil) -> Transfer.Outcome {
    .success(HTTPAnswer(status: status, body: [], retryAfter: retryAfter))
  }

  @Test(arguments: [400, 401, 403, 404, 405, 409, 413, 415, 422, 431, 501, 302])
  func answersThatStand(_ code: Int) { #expect(delay(status(code)) == nil) }

  @Test(arguments: [429, 500, 502, 503, 504]) func answersThatMayPass(_ code: Int) {
    #expect(delay(status(code)) == .milliseconds(100))
    #expect(delay(status(code), idempotent: false) == nil)
  }

  @Test(arguments: [
    (TransferFailure.Kind.connect, true, true), (.broken, true, false), (.timedOut, true, false), (.cancelled, false, false),
    (.unusable, false, false), (.overloaded, false, false),
  ])
  func failures(_ kind: TransferFailure.Kind, _ whenIdempotent: Bool, _ otherwise: Bool) {
    let outcome = Transfer.Outcome.failure(TransferFailure(kind, ""))
    #expect((delay(outcome) != nil) == whenIdempotent)
    #expect((delay(outcome, idempotent: false) != nil) == otherwise)
  }

  /// As promised in docs/client.md.
  @Test func theDefaultsAreThose() {
    let options = PupClientOptions()
    #expect(options.timeout == .seconds(3))
    #expect(options.retries == 3)
    #expect(options.reconnectDelay == .milliseconds(2500))
    #expect(options.longestReconnectDelay == .seconds(30))
    #expect(options.eventBuffer == 4096)
  }

  @Test func delaysDoubleAndVary() {
    let outcome = status(503)
    #expect((0..<3).map { delay(outcome, attempt: $0) } == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
    #expect(delay(outcome, random: 0.5) == .milliseconds(75))
    #expect(delay(outcome, attempt: 1000) == RetryPolicy.longest)
  }

  @Test func theServersWishCounts() {
    #expect(delay(status(429, retryAfter: .seconds(2))) == .seconds(2))
    #expect(delay(status(429, retryAfter: .seconds(60))) == nil)
  }

  @Test func reconnectionsGrowToTheLongest() {
    var reconnection = Reconnection(shortest: .milliseconds(2500), longest: .seconds(30))
    let delays = (0..<6).map { _ in reconnection.delay(random: 0.5) }
    #expect(delays == [.milliseconds(2500), .seconds(5), .seconds(10), .seconds(20), .seconds(30), .seconds(30)])
    reconnection.worked()
    #expect(reconnection.delay(random: 0) == .seconds(2))
    reconnection.use(milliseconds: 1000)
    #expect(reconnection.delay(random: 0.5) == .seconds(1))
    #expect(reconnection.delay(random: 0.5) == .seconds(2))
    reconnection.use(milliseconds: 1000)
    #expect(reconnection.delay(random: 0.5) == .seconds(4))
    reconnection.use(milliseconds: .max)
    #expect(reconnection.delay(random: 0.5) == .seconds(30))
  }
}
