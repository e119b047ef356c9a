/// How changes of watched files are found.
package struct WatcherConfiguration: Hashable, Sendable {
  /// Changes within this time count as one.
  package var intervalMilliseconds = ConfigurationDefaults.watcherIntervalMilliseconds
  /// File name extensions, without the dot.
  package var extensions = ConfigurationDefaults.watcherExtensions
  /// Globs; a path counts when it matches one of them …
  package var match = ConfigurationDefaults.watcherMatch
  /// … and none of these.
  package var skip = ConfigurationDefaults.watcherSkip

  package init() {}
}
