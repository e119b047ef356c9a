internal import CSQLite

/// The current row of a statement; valid until the statement's next step.
struct Row {
  let statement: OpaquePointer

  func integer(_ column: Int32) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, column)
  }

  func int32(_ column: Int32) -> Int32? { integer(column).map { Int32(clamping: $0) } }

  /// Bytes that are not UTF-8 become replacement characters.
  func text(_ column: Int32) -> String? {
    guard let bytes = sqlite3_column_text(statement, column) else { return nil }
    return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, column))), as: UTF8.self)
  }
}
