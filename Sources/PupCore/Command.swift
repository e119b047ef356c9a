/// A request by an operator or a client. A cluster's id addresses all of its members.
package struct Command: Hashable, Sendable {
  package enum Action: Hashable, Sendable { case start, stop, restart, block, unblock }
  package enum Target: Hashable, Sendable {
    case all
    case one(ProcessID)
  }

  /// Chosen by the caller; returned in `Effect.answer`.
  package var number: UInt64
  package var action: Action
  package var target: Target
  package var actor: Cause

  package init(number: UInt64, action: Action, target: Target, actor: Cause) {
    self.number = number
    self.action = action
    self.target = target
    self.actor = actor
  }
}
