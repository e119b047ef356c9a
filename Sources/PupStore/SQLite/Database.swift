internal import CSQLite

/// One connection. Used by one thread at a time. Statements are literals, prepared once and kept; values only ever reach them as
/// parameters.
///
/// An aspect file for each table holds its statements.
final class Database {
  let handle: OpaquePointer
  private let place: DatabasePlace
  private var statements: [Int: OpaquePointer] = [:]
  private var isDurable = false

  /// - Parameter readOnly: for a file whose content must not change.
  init(path: String, readOnly: Bool = false) throws(StoreError) {
    place = try DatabasePlace(of: path)
    var pointer: OpaquePointer?
    // The store's own thread is the only user after opening: SQLite's locks are not needed.
    let mode = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let code = sqlite3_open_v2(place.path, &pointer, mode | SQLITE_OPEN_NOMUTEX, place.vfs)
    guard let pointer else { throw .cannotOpen(path: path, reason: "out of memory") }
    handle = pointer
    guard code == SQLITE_OK else { throw .cannotOpen(path: path, reason: String(cString: sqlite3_errmsg(pointer))) }
    sqlite3_extended_result_codes(pointer, 1)
    // Shorter than the time after which the keeper considers the supervisor hung; a failed write is retried.
    sqlite3_busy_timeout(pointer, 1000)
    // A second line of defence; SQLite before 3.26 has only the first one.
    _ = pup_sqlite_be_defensive(pointer)
    if readOnly { keepLogOnClose(true) }
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Leaves the write-ahead log as it is when the connection is closed. (SQLite can do this since 3.16.)
  func keepLogOnClose(_ isKept: Bool) { _ = pup_sqlite_keep_log_on_close(handle, isKept ? 1 : 0) }

  // MARK: - Statements

  /// Runs statements that have neither parameters nor results.
  func script(_ sql: StaticString, stage: String) throws(StoreError) {
    let code = sqlite3_exec(handle, "\(sql)", nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, stage) }
  }

  /// - Returns: the number of rows changed.
  @discardableResult
  func run(_ sql: StaticString, _ values: [SQLValue] = [], stage: String) throws(StoreError) -> Int {
    try rows(sql, values, stage: stage) { _ in }
    return Int(sqlite3_changes(handle))
  }

  /// Calls `body` for each row of the result.
  func rows(_ sql: StaticString, _ values: [SQLValue] = [], stage: String, _ body: (Row) -> Void) throws(StoreError) {
    let statement = try prepared(sql, stage)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try bind(value, Int32(index + 1), statement, stage) }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { throw failure(code, stage) }
      body(Row(statement: statement))
    }
  }

  func integer(_ sql: StaticString, _ values: [SQLValue] = [], stage: String) throws(StoreError) -> Int64? {
    var result: Int64?
    try rows(sql, values, stage: stage) { result = $0.integer(0) }
    return result
  }

  func text(_ sql: StaticString, _ values: [SQLValue] = [], stage: String) throws(StoreError) -> String? {
    var result: String?
    try rows(sql, values, stage: stage) { result = $0.text(0) }
    return result
  }

  // MARK: - Transactions

  /// Everything `body` writes, or nothing.
  /// - Parameter durable: the transaction also survives a power failure.
  func transaction(durable: Bool = false, _ body: () throws(StoreError) -> Void) throws(StoreError) {
    try setDurable(durable)
    try run("BEGIN IMMEDIATE", stage: "begin")
    do throws(StoreError) {
      try body()
      try run("COMMIT", stage: "commit")
    } catch {
      // After some errors SQLite has rolled back already.
      if sqlite3_get_autocommit(handle) == 0 { _ = try? run("ROLLBACK", stage: "roll back") }
      throw error
    }
  }

  private func setDurable(_ wanted: Bool) throws(StoreError) {
    guard wanted != isDurable else { return }
    if wanted {
      try script("PRAGMA synchronous = FULL", stage: "synchronous")
    } else {
      try script("PRAGMA synchronous = NORMAL", stage: "synchronous")
    }
    isDurable = wanted
  }

  // MARK: -

  private func prepared(_ sql: StaticString, _ stage: String) throws(StoreError) -> OpaquePointer {
    let key = Int(bitPattern: sql.utf8Start)
    if let statement = statements[key] { return statement }
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(handle, "\(sql)", -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw failure(code, stage) }
    statements[key] = statement
    return statement
  }

  private func bind(_ value: SQLValue, _ index: Int32, _ statement: OpaquePointer, _ stage: String) throws(StoreError) {
    let code: Int32
    switch value {
    case .null: code = sqlite3_bind_null(statement, index)
    case .integer(let integer): code = sqlite3_bind_int64(statement, index, integer)
    case .text(var text):
      code = text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) { characters in
          guard let start = characters.baseAddress else { return pup_sqlite_bind_text(statement, index, "", 0) }
          return pup_sqlite_bind_text(statement, index, start, Int32(clamping: characters.count))
        }
      }
    }
    guard code == SQLITE_OK else { throw failure(code, stage) }
  }

  /// The last call's error message.
  func failure(_ stage: String) -> StoreError { failure(sqlite3_extended_errcode(handle), stage) }

  func failure(_ code: Int32, _ stage: String) -> StoreError {
    .statement(code: code, stage: stage, reason: String(cString: sqlite3_errmsg(handle)))
  }
}
