package import PupCore

/// What an operator decided about a process, and since when.
package struct StandingDecision: Hashable, Sendable {
  package var state: DesiredState
  package var heldSince: WallTime?
  package var blockedSince: WallTime?
}
