/// "Now" on both clocks. Delays are measured on `boot`, calendar schedules on `wall`.
package struct Moment: Hashable, Sendable {
  package var boot: Instant
  package var wall: WallTime

  package init(boot: Instant, wall: WallTime) {
    self.boot = boot
    self.wall = wall
  }
}
