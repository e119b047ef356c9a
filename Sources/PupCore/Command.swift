/// What an operator or a client may ask for. `cluster` ids address all members.
package struct Command: Hashable, Sendable {
  package enum Action: Hashable, Sendable { case start, stop, restart, block, unblock }
  package enum Target: Hashable, Sendable {
    case all
    case one(ProcessID)
  }

  /// Chosen by the caller; comes back in `Effect.answer`.
  package var number: UInt64
  package var action: Action
  package var target: Target
  package var actor: Actor

  package init(number: UInt64, action: Action, target: Target, actor: Actor) {
    self.number = number
    self.action = action
    self.target = target
    self.actor = actor
  }
}
