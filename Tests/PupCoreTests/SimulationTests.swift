import PupSimulation
import Testing

@Suite struct SimulationTests {
  @Test(arguments: 10_000 as UInt64..<10_020)
  func theInvariantsHold(seed: UInt64) {
    let result = Simulation.run(seed: seed, steps: 1000)
    #expect(result.failure == nil, "replay with: pup-simulate --seed \(seed) --steps 1000")
    #expect(result.steps == 1000)
  }

  @Test func theSameSeedGivesTheSameTrace() {
    let first = Simulation.run(seed: 42, steps: 3000)
    #expect(Simulation.run(seed: 42, steps: 3000, keepsTrace: true).digest == first.digest)
    #expect(Simulation.run(seed: 43, steps: 3000).digest != first.digest)
  }

  @Test func theGeneratorIsTheSameEverywhere() {
    // Reference values of SplitMix64 for the seed 1234567.
    var generator = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in generator.next() } == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }
}
