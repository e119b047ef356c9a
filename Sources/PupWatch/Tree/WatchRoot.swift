/// One of the paths that a watcher was given.
final class WatchRoot {
  enum State {
    /// Not looked at yet.
    case new
    case missing
    case directory(WatchedDirectory, FileIdentity)
    case file(FileIdentity)
  }

  let path: RawPath
  /// Where the path leads, as of the last look; below it no link is followed.
  var real: RawPath
  /// The names that the path itself goes by.
  let watchedName: WatchedName
  weak var watcher: FileWatcher?
  var state = State.new
  var anchors: [RootAnchor] = []
  /// The way to the path cannot be watched (a directory that may be entered, but not read): only looking again helps.
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
