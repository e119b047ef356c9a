extension FileWatcher {
  /// Something happened in, or to, a directory of a tree.
  func received(_ event: InotifyEvent, in directory: WatchedDirectory) {
    if event.mask.contains(.ignored) { directory.watch = nil }
    guard event.mask.isDisjoint(with: [.ignored, .unmount, .deleteSelf, .moveSelf]) else {
      // Below the top, the parent reports what became of it, unless a file system was unmounted from above it.
      if directory.isTop {
        resolve(directory.root, reports: true)
      } else if event.mask.contains(.unmount) {
        refresh(directory, isNew: false, reports: true)
      }
      return
    }
    if event.mask.contains(.isDirectory) { directoryEvent(event, in: directory) } else { fileEvent(event, in: directory) }
  }

  private func directoryEvent(_ event: InotifyEvent, in parent: WatchedDirectory) {
    if !event.mask.isDisjoint(with: [.create, .movedTo]) {
      guard filter.looksInto(event.name, in: parent.watchedName, at: parent.realPath, exclusions) else { return }
      let known = parent.children[event.name]
      let child = known ?? WatchedDirectory(event.name, in: parent)
      parent.children[event.name] = child
      refresh(child, isNew: known == nil, reports: true)
    } else if !event.mask.isDisjoint(with: [.delete, .movedFrom]), let child = parent.children.removeValue(forKey: event.name) {
      let path = child.path
      // Files that were deleted one by one have been reported already.
      if forget(child), event.mask.contains(.movedFrom) { changed(path.text) }
    }
  }

  private func fileEvent(_ event: InotifyEvent, in directory: WatchedDirectory) {
    let name = String(decoding: event.name, as: UTF8.self)
    guard filter.hasEnding(name), isWindowOpen || filter.counts(directory.watchedName.appending(name)),
      isWindowOpen || !exclusions.covers(file: directory.realPath.appending(event.name))
    else { return }
    // A new file is reported when it has been written and closed; a new link never is.
    if event.mask.contains(.create), !isLink(directory.path.appending(event.name)) { return }
    markDirty(directory)
    changed(directory.path.appending(event.name).text)
  }

  private func isLink(_ path: RawPath) -> Bool {
    guard let identity = FileIdentity(at: path, follow: false) else { return false }
    return identity.kind == .link || (identity.kind == .file && identity.links > 1)
  }
}
