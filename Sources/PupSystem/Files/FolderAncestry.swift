internal import Glibc
internal import PupBasics

/// The folders above one of Pup's: anyone who may write to one of them can replace what is below it.
package enum FolderAncestry {
  /// - Parameters:
  ///   - path: absolute.
  ///   - configuration: the folder of the configuration, or nil. The owners of it and of those above it decide what Pup runs
  ///     anyway, so they are trusted; but nobody intends to trust everyone.
  package static func check(_ path: String, configuration: String?) throws(OwnershipProblem) {
    try checkEach(parents(of: path), configuration)
    // The targets of links are checked, too.
    guard let real = realPath(path), real != path else { return }
    try checkEach(parents(of: real), configuration)
  }

  private static func checkEach(_ folders: [String], _ configuration: String?) throws(OwnershipProblem) {
    guard !Owner.trustsFolders else { return }
    for folder in folders {
      var info = stat()
      guard lstat(folder, &info) == 0 else { continue }
      let isTrusted = configuration.map { isAtOrAbove(folder, $0) } ?? false
      guard isTrusted || Owner.isTrustedOnTheWay(info.st_uid) else {
        throw .untrusted(
          folder,
          "Pup's files would be below this folder, which belongs to \(Owner.words(info.st_uid)), who could replace them; choose another place with --data-dir"
        )
      }
      // A link's own bits mean nothing; in a sticky folder only an owner can replace what is there.
      guard info.st_mode & S_IFMT == S_IFDIR, info.st_mode & S_ISVTX == 0 else { continue }
      guard let (who, letters) = Owner.others(info.st_mode, info.st_gid), !isTrusted || info.st_mode & 0o002 != 0 else {
        continue
      }
      throw .untrusted(
        folder,
        "\(who) can write to this folder, and could replace Pup's files below it; run: chmod \(letters) '\(folder)', or choose another "
          + "place with --data-dir; \(Owner.trustHint)")
    }
  }

  /// "/", "/a", "/a/b" of "/a/b/c".
  package static func parents(of path: String) -> [String] {
    var parents = ["/"]
    for part in PathText.parts(of: path).dropLast() {
      parents.append((parents.last == "/" ? "" : parents.last ?? "") + "/" + part)
    }
    return parents
  }

  private static func isAtOrAbove(_ folder: String, _ other: String) -> Bool {
    other.utf8.elementsEqual(folder.utf8) || PathText.isBelow(folder, other)
  }

  package static func realPath(_ path: String) -> String? {
    realpath(path, nil).map { pointer in
      defer { free(pointer) }
      return String(cString: pointer)
    }
  }
}
