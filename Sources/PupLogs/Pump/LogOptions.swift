/// Settings that the log side gets once, at its start.
package struct LogOptions: Hashable, Sendable {
  /// The folder `<data>/logs`; nil keeps no log store (`internalLogHours: 0`).
  package var directory: String?
  /// Pup's own folders above it, outermost first: re-created (0700) if they are removed while Pup runs.
  package var foldersAbove: [String] = []
  /// A segment is closed at this length. Bytes.
  package var segmentBytes: Int64 = 16 << 20
  /// Of all segments of one process. Bytes.
  package var processBytes: Int64 = 256 << 20
  /// Of all segments; nil is 4 GiB or a tenth of the file system, whichever is less.
  package var totalBytes: Int64?
  /// Older lines are removed by the next `purge`; nil keeps them.
  package var maximumAgeHours: Int?
  /// A line about the end of a run waits at most this long for the output before it, so a flood that is still being written does
  /// not delay it. Nanoseconds.
  package var longestHold: Int64 = 250_000_000
  /// Where Pup's own lines go besides the store.
  package var core: LogDestination

  package init(directory: String?, core: LogDestination = LogDestination()) {
    self.directory = directory
    self.core = core
  }
}
