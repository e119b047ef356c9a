import Testing

/// The inputs that are checked in for the fuzzers, and a few thousand damaged ones, on every run of the tests: what a fuzzer has
/// found once stays found.
@Suite(.timeLimit(.minutes(6))) struct FuzzCorpusTests {
  enum Target: String, CaseIterable {
    case json, token, events, request, framing, `protocol`, plan

    func check(_ bytes: [UInt8]) -> [String] {
      switch self {
      case .json: FuzzJSON.check(bytes)
      case .token: FuzzToken.check(bytes)
      case .events: FuzzEvents.check(bytes)
      case .framing: FuzzFraming.check(bytes)
      case .request: FuzzRequest.route(bytes).isEmpty ? ["neither a route nor an error"] : []
      case .protocol: FuzzProtocol.check(bytes)
      case .plan: FuzzPlan.check(bytes)
      }
    }
  }

  @Test(arguments: Target.allCases) func whatMustHoldHolds(_ target: Target) throws {
    let inputs = try Corpus.inputs(of: target.rawValue) + Corpus.seeds(of: target.rawValue)
    #expect(inputs.count >= 8)
    var random = Mutation(seed: 11)
    for (name, bytes) in inputs {
      #expect(target.check(bytes) == [], "Fuzz/\(target.rawValue)/\(name)")
      for number in 0..<60 {
        let damaged = random.damage(bytes)
        let broken = target.check(damaged)
        #expect(broken == [], "Fuzz/\(target.rawValue)/\(name), damage \(number): \(damaged)")
      }
    }
  }
}
