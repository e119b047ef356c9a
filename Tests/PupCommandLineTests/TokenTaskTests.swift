import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct TokenTaskTests {
  private let now = ISODate(milliseconds: 1_000_000_000)

  private func token(_ consumer: String, seconds: Int64? = nil) -> TokenInfo {
    TokenInfo(
      id: "t", consumer: consumer, scopes: ["read"], created: now,
      expires: seconds.map { ISODate(milliseconds: now.milliseconds + $0 * 1000) }, revoked: nil)
  }

  @Test func aTokenIsExpiredOnceItIsRefused() {
    #expect(TokenTask.state(of: token("x"), now: now) == "good")
    #expect(TokenTask.state(of: token("x", seconds: 1), now: now) == "good")
    #expect(TokenTask.state(of: token("x", seconds: -30), now: now) == "ending")
    #expect(TokenTask.state(of: token("x", seconds: -61), now: now) == "expired")
  }

  @Test func aRevocationSaysWhatItMet() {
    let tokens = [token("Deploy"), token("deploy"), token("other")]
    #expect(TokenTask.revoked(tokens, of: "deploy").hasPrefix("all 2 tokens of deploy are revoked"))
    #expect(TokenTask.revoked(tokens, of: "other").hasPrefix("the one token"))
    #expect(TokenTask.revoked(tokens, of: "nobody").hasPrefix("no token of nobody is known"))
  }
}
