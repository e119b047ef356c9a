/// Decides which files count and which directories are searched.
package struct WatchFilter: Hashable, Sendable {
  /// ".ts"; nil is every file.
  private let endings: [[UInt8]]?
  private let match: [Glob]
  private let skip: [Glob]

  package init(_ options: WatchOptions) throws(GlobError) {
    let extensions = options.extensions
    let isEvery = extensions.isEmpty || extensions.contains("*")
    endings = isEvery ? nil : extensions.map { Array(($0.hasPrefix(".") ? $0 : ".\($0)").utf8) }
    match = try Self.globs(options.match)
    skip = try Self.globs(options.skip)
  }

  private static func globs(_ patterns: [String]) throws(GlobError) -> [Glob] {
    var globs: [Glob] = []
    for pattern in patterns { globs.append(try Glob(pattern)) }
    return globs
  }

  /// The cheap half of `counts`: whether the file's name has one of the extensions.
  func hasEnding(_ name: String) -> Bool {
    endings?.contains { name.utf8.suffix($0.count).elementsEqual($0) } ?? true
  }

  /// Whether a change of this file is a change.
  func counts(_ file: WatchedName) -> Bool {
    guard hasEnding(file.absolute) else { return false }
    return (match.isEmpty || match.contains { matches($0, file) }) && !skip.contains { skips($0, file) }
  }

  /// Folders that are filled by tools and not edited by hand: hidden ones and installed packages. One that is itself a watched
  /// path is searched.
  private static func skipsByName(_ directory: String) -> Bool { directory.hasPrefix(".") || directory == "node_modules" }

  /// Whether anything in a directory of this name can count.
  func looksInto(_ name: [UInt8], in parent: WatchedName, at real: RawPath, _ exclusions: ResolvedExclusions) -> Bool {
    let text = String(decoding: name, as: UTF8.self)
    return !Self.skipsByName(text) && !skipsDirectory(parent.appending(text))
      && !exclusions.covers(directory: real.appending(name))
  }

  /// Whether nothing in the directory counts.
  func skipsDirectory(_ directory: WatchedName) -> Bool {
    skip.contains { skips($0, directory) || skipsBelow($0, directory) }
  }

  /// The pattern that excludes everything in a watched path.
  func patternSkippingAll(below root: WatchedName) -> String? {
    skip.first { skipsBelow($0, root) }?.pattern
  }

  private func matches(_ glob: Glob, _ file: WatchedName) -> Bool {
    glob.matches(file.belowRoot) || glob.matches(file.absolute) || file.belowBase.map(glob.matches) ?? false
  }

  /// Only a pattern that begins with "/" is matched against the full path: a project's location (`/srv/node_modules/app`) must
  /// not make `**/node_modules/**` skip all of it.
  private func skips(_ glob: Glob, _ file: WatchedName) -> Bool {
    if glob.isAbsolute { return glob.matches(file.absolute) }
    return glob.matches(file.belowRoot) || file.belowBase.map(glob.matches) ?? false
  }

  private func skipsBelow(_ glob: Glob, _ directory: WatchedName) -> Bool {
    if glob.isAbsolute { return glob.matchesEverything(below: directory.absolute) }
    let below = [directory.belowRoot, directory.belowBase ?? ""].filter { !$0.isEmpty }
    return below.contains { glob.matchesEverything(below: $0) }
  }
}
