internal import Glibc
internal import PupSystem

/// `.main.db`, the name that the database had before: the original Pup keeps its log store under it.
struct FormerFile {
  /// The names, in the same folder.
  private static let (current, former) = (".main.store.db", ".main.db")

  private let folder: OwnFolder
  let path: String

  /// Nil if there is none, or if it does not matter: next to a database that exists already, or that has another name.
  init?(beside folder: OwnFolder, _ name: String) {
    guard name == Self.current, faccessat(folder.descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW) != 0,
      faccessat(folder.descriptor, Self.former, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    else { return nil }
    self.folder = folder
    path = "\(folder.path)/\(Self.former)"
  }

  /// Gives our own file its new name; leaves any other alone.
  /// - Returns: whether it was ours.
  func move() -> Bool {
    guard isOurs else { return false }
    // The log belongs to the file; SQLite finds it by its name.
    for suffix in ["-wal", "-shm", ""] {
      renameat(folder.descriptor, Self.former + suffix, folder.descriptor, Self.current + suffix)
    }
    return true
  }

  /// By its format number and its tables; what cannot be read belongs to another program.
  private var isOurs: Bool {
    guard let file = try? folder.open(Self.former, O_RDONLY) else { return false }
    var header = [UInt8](repeating: 0, count: 16)
    let isDatabase = pread(file.number, &header, 16, 0) == 16 && header.elementsEqual("SQLite format 3\0".utf8)
    // Before SQLite has locks on it, see StoreFile.
    file.close()
    guard isDatabase, let database = try? Database(path: path, readOnly: true),
      let version = try? database.userVersion(), (1...Migration.newest).contains(version)
    else { return false }
    let tables = try? database.integer(
      "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('meta', 'history', 'desired')",
      stage: "look at the tables")
    return tables == 3
  }
}
