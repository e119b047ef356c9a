// The system's SQLite, and the few parts that Swift cannot import.
#pragma once

#include <sqlite3.h>
#include <string.h>

/// Binds bytes that SQLite copies. SQLITE_TRANSIENT is -1 cast to a function pointer, which Swift does not import.
static inline int pup_sqlite_bind_text(sqlite3_stmt *_Nonnull statement, int index, const char *_Nonnull text, int count) {
  return sqlite3_bind_text(statement, index, text, count, SQLITE_TRANSIENT);
}

/// sqlite3_db_config is variadic. With `on` 1, closing the last connection does not touch the write-ahead log.
static inline int pup_sqlite_keep_log_on_close(sqlite3 *_Nonnull database, int on) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on, (int *)0);
}

/// sqlite3_db_config is variadic. Prevents a manipulated file from making SQLite run code or write outside its tables.
static inline int pup_sqlite_be_defensive(sqlite3 *_Nonnull database) {
  int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
  return result != SQLITE_OK ? result : sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

/// xFullPathname for the VFS below.
static inline int pup_sqlite_take_path(sqlite3_vfs *_Nonnull vfs, const char *_Nonnull path, int room, char *_Nonnull full) {
  (void)vfs;
  size_t size = strlen(path) + 1;
  if (room < 0 || size > (size_t)room) return SQLITE_CANTOPEN;
  memcpy(full, path, size);
  return SQLITE_OK;
}

/// The name of a VFS like the default one except that it uses paths unchanged: the default
/// one resolves links and limits the result to 512 bytes. NULL if it is unavailable. It
/// shares the default one's table of open files, so both honor each other's locks.
static inline const char *_Nullable pup_sqlite_plain_vfs(void) {
  static sqlite3_vfs plain;
  static const char name[] = "pup-plain";
  sqlite3_vfs *usual = sqlite3_vfs_find((const char *)0);
  if (!usual) return (const char *)0;
  plain = *usual;
  plain.zName = name;
  plain.pNext = (sqlite3_vfs *)0;
  plain.xFullPathname = pup_sqlite_take_path;
  return sqlite3_vfs_register(&plain, 0) == SQLITE_OK ? name : (const char *)0;
}
