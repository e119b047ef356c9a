internal import CSQLite
internal import Glibc
internal import PupSystem

/// The path by which SQLite opens a file.
///
/// SQLite's unix VFS has room for paths of 512 bytes. A file with a longer path is opened as `/proc/self/fd/<folder>/<name>`, and
/// so are the log, the index and the journal next to it, whose names SQLite derives from that path.
struct DatabasePlace {
  let path: String
  /// Nil for SQLite's own.
  private(set) var vfs: UnsafePointer<CChar>?
  /// Has to stay open as long as the database.
  private var folder: OwnFolder?

  /// With the longest suffix that SQLite appends (`-journal`).
  private static let longestPath = 512 - 8

  /// Created and registered once, for good.
  private nonisolated(unsafe) static let plainVFS = pup_sqlite_plain_vfs()

  init(of file: String) throws(StoreError) {
    guard file.utf8.count > Self.longestPath else {
      path = file
      return
    }
    let (folder, name) = try StoreError.ofFile(file) { () throws(OwnershipProblem) in try OwnFolder.holding(file) }
    let link = "/proc/self/fd/\(folder.descriptor)"
    guard access(link, F_OK) == 0 else {
      throw .cannotOpen(
        path: file,
        reason:
          "the path has \(file.utf8.count) bytes, and SQLite has room for \(Self.longestPath); a longer one needs /proc, which is not "
          + "mounted"
      )
    }
    guard let vfs = Self.plainVFS else { throw .cannotOpen(path: file, reason: "out of memory") }
    path = "\(link)/\(name)"
    self.vfs = vfs
    self.folder = folder
  }
}
