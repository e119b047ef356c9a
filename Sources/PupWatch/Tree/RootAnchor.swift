/// A directory above a watched path, watched for the one name (or two) that leads to it.
final class RootAnchor: InotifySubscriber {
  let directory: RawPath
  private unowned let root: WatchRoot
  /// The names that matter; empty if only the directory's own fate does.
  let names: Set<[UInt8]>
  let mask: InotifyMask
  var watch: Int32?

  init(_ link: RootChain.Link, of root: WatchRoot, isForFile: Bool) {
    directory = link.directory
    names = link.names
    self.root = root
    // Writes to other files there must not cause wake-ups.
    mask = names.isEmpty ? .ownFate : isForFile ? .contents : [.names, .ownFate]
  }

  func received(_ event: InotifyEvent) {
    guard watch == event.watch else { return }
    if event.mask.contains(.ignored) { watch = nil }
    guard event.name.isEmpty || names.contains(event.name) else { return }
    root.watcher?.received(event, atAnchorOf: root)
  }
}
