/// One of the paths that a watcher was given.
final class WatchRoot {
  enum State {
    /// Not examined yet.
    case new
    case missing
    case directory(WatchedDirectory, FileIdentity)
    case file(FileIdentity)
  }

  let path: RawPath
  /// Where the path leads, as of the last look; no link below it is followed.
  var real: RawPath
  /// The names of the path itself.
  let watchedName: WatchedName
  weak var watcher: FileWatcher?
  var state = State.new
  var anchors: [RootAnchor] = []
  /// The way to the path cannot be watched (a directory that may be entered, but not read), so polling is all that is left.
  var isBlind = false

  init(_ path: String, base: String) {
    self.path = RawPath(path, base: base)
    real = self.path
    watchedName = WatchedName(
      belowRoot: "", belowBase: self.path.text(below: RawPath(base, base: "/")), absolute: self.path.text)
  }

  var top: WatchedDirectory? {
    if case .directory(let top, _) = state { top } else { nil }
  }
}
