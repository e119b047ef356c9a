/// A stored transition.
package struct StoredTransition: Hashable, Sendable {
  /// Grows with every transition of any process; the place where the next page goes on.
  package var number: Int64
  package var transition: Transition
}
