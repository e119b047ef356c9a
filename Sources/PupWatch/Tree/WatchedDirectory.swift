/// A directory below a watched path.
final class WatchedDirectory: InotifySubscriber {
  /// "" at the top.
  let name: [UInt8]
  unowned let root: WatchRoot
  private(set) weak var parent: WatchedDirectory?
  var children: [[UInt8]: WatchedDirectory] = [:]
  /// The inotify watch; nil while polling, and before the first look.
  var watch: Int32?
  /// As of the last look; changes since then are reported by events.
  var digest = DirectoryDigest()
  /// Changed since the last look.
  var isDirty = false
  /// No longer part of the tree.
  var isForgotten = false

  init(top root: WatchRoot) {
    name = []
    self.root = root
  }

  init(_ name: [UInt8], in parent: WatchedDirectory) {
    self.name = name
    root = parent.root
    self.parent = parent
  }

  /// Names from the top down.
  private var names: [[UInt8]] {
    var names: [[UInt8]] = []
    var directory = self
    while let parent = directory.parent {
      names.append(directory.name)
      directory = parent
    }
    return names.reversed()
  }

  var path: RawPath { names.reduce(root.path) { $0.appending($1) } }

  var realPath: RawPath { names.reduce(root.real) { $0.appending($1) } }

  var watchedName: WatchedName {
    names.reduce(root.watchedName) { $0.appending(String(decoding: $1, as: UTF8.self)) }
  }

  var isTop: Bool { parent == nil }

  func received(_ event: InotifyEvent) {
    guard watch == event.watch, !isForgotten else { return }
    root.watcher?.received(event, in: self)
  }
}
