internal import Synchronization

/// Set by the store's thread when the database was lost, and with it who is locked out.
final class LossMark: Sendable {
  private let isSet = Atomic(false)

  func set() { isSet.store(true, ordering: .relaxed) }

  /// Whether it was set; it is not any more.
  func take() -> Bool { isSet.exchange(false, ordering: .relaxed) }
}
