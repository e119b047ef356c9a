// SQLite as the system has it, and the few parts that Swift cannot import.
#pragma once

#include <sqlite3.h>

/// Binds bytes that SQLite copies: SQLITE_TRANSIENT is a cast of -1 to a function pointer, which Swift does not import.
static inline int pup_sqlite_bind_text(sqlite3_stmt *_Nonnull statement, int index, const char *_Nonnull text, int count) {
  return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

/// sqlite3_db_config is variadic. With `on` 1, closing the last connection leaves the write-ahead log as it is.
static inline int pup_sqlite_keep_log_on_close(sqlite3 *_Nonnull database, int on) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on, (int *)0);
}

/// sqlite3_db_config is variadic. A file that was tampered with cannot make SQLite run code or write outside its tables.
static inline int pup_sqlite_be_defensive(sqlite3 *_Nonnull database) {
  int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  return result != SQLITE_OK ? result : sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}
