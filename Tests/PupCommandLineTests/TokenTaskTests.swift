import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct TokenTaskTests {
  private let now = ISODate(milliseconds: 1_000_000_000)

  private func token(_ consumer: String, seconds: Int64? = nil, void: String? = nil) -> TokenInfo {
    TokenInfo(
      id: "t", consumer: consumer, scopes: ["read"], created: now,
      expires: seconds.map { ISODate(milliseconds: now.milliseconds + $0 * 1000) }, revoked: nil,
      void: void)
  }

  @Test func aTokenIsExpiredOnceItIsRefused() {
    #expect(TokenTask.state(of: token("x"), now: now) == .good)
    #expect(TokenTask.state(of: token("x", seconds: 1), now: now) == .good)
    #expect(TokenTask.state(of: token("x", seconds: -30), now: now) == .ending)
    #expect(TokenTask.state(of: token("x", seconds: -61), now: now) == .expired)
  }

  @Test func aTokenOfAnEarlierSecretIsVoid() {
    let reason = TokenInfo.ofAnotherSecret
    let void = token("x", void: reason)
    #expect(TokenTask.state(of: void, now: now) == .void)
    var revoked = void
    revoked.revoked = now
    #expect(TokenTask.state(of: revoked, now: now) == .void)
    #expect(TokenTask.note([token("x")]) == nil)
    #expect(TokenTask.note([token("x"), void]) == "void: \(reason); it cannot be reinstated, only replaced by a new one")
  }

  @Test func aReinstatementSaysWhatItCannotGiveBack() {
    let void = token("X", void: TokenInfo.ofAnotherSecret)
    #expect(TokenTask.reinstated([token("x"), token("other")], of: "x") == "tokens of x are good again")
    #expect(TokenTask.reinstated([token("x"), void], of: "x").contains("good again, except 1 that was made before"))
    #expect(TokenTask.reinstated([void, void], of: "x").contains("new tokens again; its earlier ones stay void"))
  }

  @Test func aRevocationSaysWhatItMet() {
    let tokens = [token("Deploy"), token("deploy"), token("other")]
    #expect(TokenTask.revoked(tokens, of: "deploy").hasPrefix("all 2 tokens of deploy are revoked"))
    #expect(TokenTask.revoked(tokens, of: "other").hasPrefix("the one token"))
    #expect(TokenTask.revoked(tokens, of: "nobody").hasPrefix("no token of nobody is known"))
  }
}
