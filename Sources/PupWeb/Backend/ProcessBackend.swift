package import PupAPI

/// The processes.
package protocol ProcessBackend: Sendable {
  func list(_ answer: @escaping @Sendable ([ProcessEntry]) -> Void)

  /// - Parameters:
  ///   - wait: the seconds to wait for completion; nil answers as soon as the action is accepted.
  ///   - answer: errors: `unknownProcess`, `refused`, `unavailable`.
  func perform(
    _ action: ProcessAction, on target: ActionTarget, by consumer: String, wait: Int?,
    answer: @escaping @Sendable (Result<ActionResult, PupError>) -> Void)
}

package enum ActionTarget: Hashable, Sendable {
  case all
  case process(String)
}
