internal import CSQLite

extension Database {
  /// Copies everything to an empty database, in one transaction of its own.
  func copy(to other: Database) throws(StoreError) {
    guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else { throw other.failure("copy the file") }
    let code = sqlite3_backup_step(backup, -1)
    let end = sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE, end == SQLITE_OK else {
      throw other.failure(code == SQLITE_DONE ? end : code, "copy the file")
    }
  }
}
