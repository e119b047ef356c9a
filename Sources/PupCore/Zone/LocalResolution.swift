/// Which instants a local time of day on a local date means. All numbers are seconds.
package enum LocalResolution: Hashable, Sendable {
  case once(Int)
  /// The clocks were set forward over it, at this instant.
  case skipped(gapEnds: Int)
  /// The clocks were set back over it. `until` is the local time at which the repeated stretch ends.
  case repeated(first: Int, second: Int, until: Int)
}
