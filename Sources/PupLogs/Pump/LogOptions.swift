/// What the log side is told once, at its start.
package struct LogOptions: Hashable, Sendable {
  /// The folder `<data>/logs`; nil keeps no log store (`internalLogHours: 0`).
  package var directory: String?
  /// Those above it that are Pup's own, outermost first: made anew (0700) where somebody has removed them while Pup runs.
  package var foldersAbove: [String] = []
  /// A segment is closed at this length. Bytes.
  package var segmentBytes: Int64 = 16 << 20
  /// Of all segments of one process. Bytes.
  package var processBytes: Int64 = 256 << 20
  /// Of all segments; nil is 4 GiB or a tenth of the file system, whichever is less.
  package var totalBytes: Int64?
  /// Older lines go at the next `purge`; nil keeps them.
  package var maximumAgeHours: Int?
  /// A line about the end of a run waits at most this long for the output before it: a flood that is still being written is not
  /// waited for. Nanoseconds.
  package var longestHold: Int64 = 250_000_000
  /// Where Pup's own lines go besides the store.
  package var core: LogDestination

  package init(directory: String?, core: LogDestination = LogDestination()) {
    self.directory = directory
    self.core = core
  }
}
