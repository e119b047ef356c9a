/// What never counts as a change, whatever the filters say: Pup's own folders and files. Otherwise a program would be restarted
/// forever, because Pup writes down that it has been restarted.
package struct WatchExclusions: Hashable, Sendable {
  /// With everything below them. Paths are absolute, and need not exist.
  package var folders: [String] = []
  package var files: [String] = []
  /// Files that others rename when they grow ("app.log.1", "app.log-20261130.gz").
  package var rotatedFiles: [String] = []
  /// Files whose names begin like this: "/srv/app/.pup-edit-".
  package var prefixes: [String] = []

  package init() {}
}

/// Exclusions by the real names of what they exclude, so that no link leads around them. Creating one reads the file system.
struct ResolvedExclusions {
  private var folders: Set<RawPath> = []
  private var files: Set<RawPath> = []
  private var prefixes: [RawPath] = []
  private var rotated: [RawPath] = []

  init(_ exclusions: WatchExclusions) {
    folders = Set(exclusions.folders.map(Self.real))
    for path in exclusions.files + exclusions.rotatedFiles { files.formUnion(Self.names(of: path)) }
    rotated = exclusions.rotatedFiles.flatMap(Self.names)
    prefixes = exclusions.prefixes.flatMap(Self.names)
  }

  /// Whether the directory is one of the folders.
  func covers(directory: RawPath) -> Bool { folders.contains(directory) }

  /// Whether the file, which is in no folder that is excluded, never counts.
  func covers(file: RawPath) -> Bool {
    files.contains(file) || prefixes.contains { file.bytes.starts(with: $0.bytes) } || rotated.contains { isRotated(file, $0) }
  }

  /// Whether nothing at or below a watched path counts.
  func covers(root path: RawPath) -> Bool {
    let real = path.real
    if covers(file: real) || covers(file: path) { return true }
    var above = real
    while true {
      if covers(directory: above) { return true }
      if above.parent == above { return false }
      above = above.parent
    }
  }

  private func isRotated(_ file: RawPath, _ original: RawPath) -> Bool {
    guard file.bytes.starts(with: original.bytes) else { return false }
    let rest = file.bytes.dropFirst(original.bytes.count)
    guard let separator = rest.first, separator == UInt8(ascii: ".") || separator == UInt8(ascii: "-") else { return false }
    return rest.dropFirst().first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  private static func real(_ path: String) -> RawPath { RawPath(path, base: "/").real }

  /// Under its own name in its real folder and, if it is a link, as its target.
  private static func names(of path: String) -> Set<RawPath> {
    let written = RawPath(path, base: "/")
    return [written.parent.real.appending(written.names.last ?? []), written.real]
  }
}
