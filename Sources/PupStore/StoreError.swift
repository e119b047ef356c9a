internal import CLinux
internal import CSQLite
internal import Glibc
internal import PupSystem

/// Why the store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file cannot be created or opened.
  case cannotOpen(path: String, reason: String)
  /// Another user created the file or its folder, or could change it: the whole message.
  case untrusted(String)
  /// The file was written by a newer Pup; nothing in it has been changed.
  case newer(path: String, found: Int, known: Int)
  /// A statement failed: SQLite's extended result code, what was being done, and SQLite's message.
  case statement(code: Int32, stage: String, reason: String)
  /// Too many writes or queries are pending.
  case overloaded
  /// The store has been closed.
  case closed
  /// There are more valid tokens than the store keeps.
  case tooManyTokens(limit: Int)

  package var description: String {
    switch self {
    case .cannotOpen(let path, let reason):
      "store \(path): \(reason); make the folder writable for this user, or move it with --data-dir"
    case .untrusted(let message): "store: \(message)"
    case .newer(let path, let found, let known):
      "store \(path): written by a newer Pup (format \(found), this one knows \(known)); "
        + "install that version again, or move the file away to start a new one"
    case .statement(let code, let stage, let reason): "store: \(stage): \(reason) (SQLite \(code))"
    case .overloaded: "store: too much is waiting to be written; the disk is full, slow or read-only"
    case .closed: "store: closed"
    case .tooManyTokens(let limit): "store: there are already \(limit) valid tokens; revoke some, or let them expire"
    }
  }

  /// Turns a problem of the file, or of its folder, into one of the store.
  static func ofFile<Value>(_ path: String, _ body: () throws(OwnershipProblem) -> Value) throws(StoreError) -> Value {
    do throws(OwnershipProblem) {
      return try body()
    } catch {
      switch error.kind {
      case .untrusted: throw .untrusted(error.description)
      case .missing: throw .cannotOpen(path: path, reason: String(cString: pup_error_text(ENOENT)))
      case .system(let code): throw .cannotOpen(path: path, reason: String(cString: pup_error_text(code)))
      }
    }
  }

  // MARK: -

  private var primaryCode: Int32? {
    guard case .statement(let code, _, _) = self else { return nil }
    return code & 0xff
  }

  /// The file's content is no longer a database that can be trusted.
  var isDamage: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

  var isFullDisk: Bool { primaryCode == SQLITE_FULL }

  /// The cause is outside the file (space, permissions, locks, memory), so that the same write may succeed later.
  package var isPassing: Bool {
    if case .cannotOpen = self { return true }
    return switch primaryCode {
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_CANTOPEN, SQLITE_NOMEM, SQLITE_PERM,
      SQLITE_INTERRUPT, SQLITE_PROTOCOL:
      true
    default: false
    }
  }
}
