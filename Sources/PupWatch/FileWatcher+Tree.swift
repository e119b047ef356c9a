extension FileWatcher {
  /// Watches and reads a directory and everything below it, and compares with what was known.
  ///
  /// - Parameters:
  ///   - isNew: everything in it is new.
  ///   - reports: differences are changes.
  func refresh(_ start: WatchedDirectory, isNew: Bool, reports: Bool) {
    var pending = [(start, isNew)]
    while let (directory, wasNew) = pending.popLast() {
      let isNew = watch(directory) || wasNew
      let before = directory.digest
      guard let contents = look(at: directory) else {
        if !directory.isTop { directory.parent?.children[directory.name] = nil }
        if forget(directory), reports { changed(directory.path.text) }
        continue
      }
      if reports, isNew ? directory.digest.count > 0 : directory.digest != before {
        changed((contents.newest.map(directory.path.appending) ?? directory.path).text)
      }
      let found = Set(contents.directories)
      for (name, child) in directory.children where !found.contains(name) {
        directory.children[name] = nil
        if forget(child), reports { changed(directory.path.appending(name).text) }
      }
      for name in contents.directories {
        let known = directory.children[name]
        let child = known ?? WatchedDirectory(name, in: directory)
        directory.children[name] = child
        pending.append((child, known == nil))
      }
    }
  }

  /// Whether it is a different directory than before.
  private func watch(_ directory: WatchedDirectory) -> Bool {
    guard !isPolling else { return false }
    do {
      let number = try hub.add(directory.path, .contents, follow: directory.isTop, for: directory)
      guard let before = directory.watch, before != number else {
        directory.watch = number
        return false
      }
      hub.remove(before, for: directory)
      directory.watch = number
      return true
    } catch {
      // Everything else is found again, and reported, when the directory is read.
      if error.isLimit { startPolling(because: error) } else if case .cannotWatch = error { tell(error, about: directory.path) }
      return false
    }
  }

  /// Reads the directory and notes its digest; nil if that is impossible.
  @discardableResult
  func look(at directory: WatchedDirectory) -> DirectoryContents? {
    guard !directory.isForgotten else { return nil }
    directory.isDirty = false
    let name = directory.watchedName
    let real = directory.realPath
    do {
      let contents = try DirectoryContents(
        of: directory.path, follow: directory.isTop,
        counts: { file in
          let text = String(decoding: file, as: UTF8.self)
          return filter.hasEnding(text) && filter.counts(name.appending(text)) && !exclusions.covers(file: real.appending(file))
        },
        looksInto: { filter.looksInto($0, in: name, at: real, exclusions) })
      directory.digest = contents.digest
      return contents
    } catch {
      tell(error, about: directory.path)
      return nil
    }
  }

  /// Removes a directory and everything below it from the tree. Returns whether anything in it counted.
  @discardableResult
  func forget(_ start: WatchedDirectory) -> Bool {
    var counted = false
    forEach(from: start) { directory in
      counted = counted || directory.digest.count > 0
      unwatch(directory)
      directory.isForgotten = true
    }
    return counted
  }

  func unwatch(_ directory: WatchedDirectory) {
    if let watch = directory.watch { hub.remove(watch, for: directory) }
    directory.watch = nil
  }

  func forEach(from start: WatchedDirectory, _ body: (WatchedDirectory) -> Void) {
    var pending = [start]
    while let directory = pending.popLast() {
      pending.append(contentsOf: directory.children.values)
      body(directory)
    }
  }

  /// A directory that has just disappeared is not a problem: its parent reports it.
  func tell(_ problem: WatchProblem, about path: RawPath) {
    guard problem != .gone else { return }
    tell("\(path.text): \(problem.text)")
  }
}
