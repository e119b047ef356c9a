/// When `Input.deadlineReached` is wanted next, per clock; nil where nothing waits for that clock.
package struct Deadlines: Hashable, Sendable {
  package var boot: Instant?
  package var wall: WallTime?

  package init(boot: Instant? = nil, wall: WallTime? = nil) {
    self.boot = boot
    self.wall = wall
  }
}
