internal import PupSystem

/// A brain from a new executable that has to prove itself before the one in charge makes way.
struct Candidate {
  let brain: Brain
  /// It has said hello in a protocol that this keeper speaks.
  var proven = false
  /// CLOCK_MONOTONIC ns; until then it has to be proven, or the old one to be gone.
  var deadline: Int64
}
