internal import Synchronization

/// How many log queries wait for their thread or are read; more are refused.
final class QueryPlaces: Sendable {
  private static let limit = 8

  private let taken = Atomic(0)

  /// On the control loop.
  /// - Returns: false where all are taken.
  func take() -> Bool {
    guard taken.load(ordering: .relaxed) < Self.limit else { return false }
    taken.add(1, ordering: .relaxed)
    return true
  }

  /// From any thread.
  func giveBack() { taken.subtract(1, ordering: .relaxed) }
}
