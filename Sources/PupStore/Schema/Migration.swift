/// One step of the file's format. Steps are never changed once released: a new one is added below.
struct Migration {
  /// The `user_version` that the step leads to.
  let version: Int
  let script: StaticString

  static let all: [Migration] = [
    Migration(
      version: 1,
      script: """
        CREATE TABLE meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE history (
          number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, process TEXT NOT NULL COLLATE NOCASE,
          generation INTEGER, old INTEGER, new INTEGER NOT NULL, actor TEXT NOT NULL, detail TEXT, pid INTEGER,
          ended INTEGER NOT NULL, code INTEGER, signal INTEGER, core INTEGER NOT NULL, oom INTEGER NOT NULL,
          user INTEGER, system INTEGER, peak INTEGER, restarts INTEGER NOT NULL, reason TEXT NOT NULL);
        CREATE INDEX history_process ON history (process, number);
        CREATE INDEX history_time ON history (time);
        CREATE TABLE desired (
          process TEXT PRIMARY KEY NOT NULL COLLATE NOCASE, held TEXT, held_detail TEXT, blocked TEXT, blocked_detail TEXT,
          held_since INTEGER, blocked_since INTEGER) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """),
    Migration(
      version: 2,
      script: """
        CREATE TABLE token (
          id TEXT PRIMARY KEY NOT NULL, consumer TEXT NOT NULL, scopes TEXT NOT NULL, created INTEGER NOT NULL,
          expires INTEGER, revoked INTEGER) WITHOUT ROWID;
        CREATE TABLE revoked_consumer (consumer TEXT PRIMARY KEY NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        PRAGMA user_version = 2;
        """),
    Migration(
      version: 3,
      script: """
        CREATE TABLE event (
          epoch TEXT NOT NULL, number INTEGER NOT NULL, time INTEGER NOT NULL, type TEXT NOT NULL, process TEXT,
          payload TEXT NOT NULL, lost INTEGER NOT NULL, PRIMARY KEY (epoch, number)) WITHOUT ROWID;
        PRAGMA user_version = 3;
        """),
  ]

  static var newest: Int { all.last?.version ?? 0 }
}

extension Database {
  func userVersion() throws(StoreError) -> Int {
    Int(clamping: try integer("PRAGMA user_version", stage: "read the format's version") ?? 0)
  }

  /// Brings the file to `target`, each step in a transaction of its own.
  func migrate(to target: Int = Migration.newest) throws(StoreError) {
    let found = try userVersion()
    for step in Migration.all where step.version > found && step.version <= target {
      // A new file that is lost in a power failure is created again; nothing was in it.
      try transaction(durable: found > 0) { () throws(StoreError) in
        try script(step.script, stage: "migrate to format \(step.version)")
      }
    }
  }
}
