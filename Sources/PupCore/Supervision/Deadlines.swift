/// When `Input.deadlineReached` is needed next, per clock; nil if nothing waits for that clock.
package struct Deadlines: Hashable, Sendable {
  package var boot: Instant?
  package var wall: WallTime?

  package init(boot: Instant? = nil, wall: WallTime? = nil) {
    self.boot = boot
    self.wall = wall
  }
}
