/// A stored transition.
package struct StoredTransition: Hashable, Sendable {
  /// Increases with every transition of any process; marks where the next page continues.
  package var number: Int64
  package var transition: Transition
}
