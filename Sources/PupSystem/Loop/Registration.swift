/// A descriptor's place in an `EventLoop`. Carries a number of its own: an event that was already in flight for a closed
/// descriptor does not reach the next owner of the same descriptor number.
package struct Registration: Hashable, Sendable {
  package let descriptor: Int32
  let key: UInt64
}
