/// The maximum number of runs of one process, shared by the core, the state file and the documentation.
package enum RunLimit {
  /// Alive at the same time, with `overrun` or with kept leftovers.
  package static let alive = 16
  /// In the state file, which keeps a run slightly longer than the core does.
  package static let remembered = alive * 3 / 2
}
