/// The instants denoted by a local date and time. All numbers are seconds.
package enum LocalResolution: Hashable, Sendable {
  case once(Int)
  /// The clocks were set forward past it at this instant.
  case skipped(gapEnds: Int)
  /// The clocks were set back past it. `until` is the local time at which the repeated period ends.
  case repeated(first: Int, second: Int, until: Int)
}
