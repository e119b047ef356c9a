/// A scheduled call of an `EventLoop`; cancelling one that has already run is harmless.
package struct Timer: Hashable, Sendable {
  let key: UInt64
}
