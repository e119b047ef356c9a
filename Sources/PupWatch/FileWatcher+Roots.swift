extension FileWatcher {
  /// Something happened to a name that leads to a watched path.
  func received(_ event: InotifyEvent, atAnchorOf root: WatchRoot) {
    // Written in place: size and time may be the same as before.
    if case .file = root.state, event.mask.contains(.closeWrite) { changed(root.path.text) }
    resolve(root, reports: true)
  }

  /// Determines what the path is now, and watches the way to it.
  func resolve(_ root: WatchRoot, reports: Bool) {
    var chain = RootChain(to: root.path)
    // Each iteration means that the way changed while the watches were being set up. After a few, the event of the last change is
    // pending.
    for _ in 0..<4 {
      guard anchor(root, along: chain) else { break }
      let again = RootChain(to: root.path)
      let isSettled = again.leadsTheSameWay(as: chain)
      chain = again
      if isSettled { break }
    }
    settle(root, at: chain.end, reports: reports)
    schedulePoll(after: 0)
  }

  /// Whether anything was watched.
  private func anchor(_ root: WatchRoot, along chain: RootChain) -> Bool {
    guard !isPolling else { return false }
    let before = root.anchors
    root.isBlind = false
    root.anchors = []
    for link in chain.links {
      let anchor = RootAnchor(link, of: root, isForFile: chain.endsAtFile)
      do {
        anchor.watch = try hub.add(link.directory, anchor.mask, follow: true, for: anchor)
        root.anchors.append(anchor)
      } catch {
        if error.isLimit {
          release(before)
          startPolling(because: error)
          return false
        }
        root.isBlind = root.isBlind || !link.names.isEmpty
      }
    }
    release(before)
    return true
  }

  private func release(_ anchors: [RootAnchor]) {
    for anchor in anchors {
      if let watch = anchor.watch { hub.remove(watch, for: anchor) }
      anchor.watch = nil
    }
  }

  func releaseAnchors(of root: WatchRoot) {
    release(root.anchors)
    root.anchors = []
  }

  /// Forgets everything that is known of the path.
  func release(_ root: WatchRoot) {
    releaseAnchors(of: root)
    if let top = root.top { forget(top) }
    root.state = .new
  }

  private func settle(_ root: WatchRoot, at end: RootChain.End, reports: Bool) {
    let before = root.state
    if case .directory(let top, let known) = before, case .directory(let identity) = end, known.isSameFile(as: identity),
      isPolling || top.watch != nil
    {
      return
    }
    switch end {
    case .missing:
      root.state = .missing
      if case .new = before { tell("\(root.path.text) does not exist; it will be watched as soon as it appears") }
    case .file(let identity): root.state = .file(identity)
    case .directory(let identity):
      root.real = root.path.real
      root.state = .directory(WatchedDirectory(top: root), identity)
    }
    let isDifferent = leave(before, for: root.state)
    if reports, isDifferent { changed(root.path.text) }
    if let top = root.top { refresh(top, isNew: true, reports: reports) }
  }

  /// Drops what the path was before. Returns whether something that counts disappeared or appeared.
  private func leave(_ before: WatchRoot.State, for now: WatchRoot.State) -> Bool {
    switch (before, now) {
    case (.directory(let top, _), .file):
      forget(top)
      return true
    case (.directory(let top, _), _): return forget(top)
    case (.file(let identity), .file(let other)): return identity != other
    case (.file, _), (_, .file): return true
    case (.new, _), (.missing, _): return false
    }
  }
}
