/// How changes to watched files are detected.
package struct WatcherConfiguration: Hashable, Sendable {
  /// Changes within this time count as one.
  package var intervalMilliseconds = ConfigurationDefaults.watcherIntervalMilliseconds
  /// File name extensions without the dot. Nil if not configured; `watchedExtensions(of:)` then decides.
  package var extensions: [String]?
  /// Globs; a path counts if it matches one of these …
  package var match = ConfigurationDefaults.watcherMatch
  /// … and none of these.
  package var skip = ConfigurationDefaults.watcherSkip

  package init() {}
}
