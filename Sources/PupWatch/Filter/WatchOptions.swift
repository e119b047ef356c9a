/// What counts as a change, and how changes are combined.
package struct WatchOptions: Hashable, Sendable {
  /// Changes within this time after the first one count as one. Milliseconds.
  package var intervalMilliseconds: Int64
  /// File extensions, without the dot; "*" or an empty list means every file.
  package var extensions: [String]
  /// Globs; a file counts when it matches one of them (an empty list is every file) …
  package var match: [String]
  /// … and none of these. A directory that matches is skipped.
  package var skip: [String]

  package init(
    intervalMilliseconds: Int64 = 1_000, extensions: [String] = ["ts", "tsx", "js", "jsx", "json"], match: [String] = ["**/*.*"],
    skip: [String] = ["**/.git/**"]
  ) {
    self.intervalMilliseconds = intervalMilliseconds
    self.extensions = extensions
    self.match = match
    self.skip = skip
  }
}
