/// How one seed went.
package struct SimulationResult: Hashable, Sendable {
  package struct Failure: Hashable, Sendable {
    /// Counted from 0.
    package var step: Int
    /// The invariant that did not hold, in words.
    package var message: String
    /// The last inputs and effects, oldest first; empty unless they were asked for.
    package var trace: [String]
  }

  package var seed: UInt64
  package var steps: Int
  /// A fingerprint of everything that happened.
  package var digest: UInt64
  package var failure: Failure?
}
