extension Store {
  /// Small values by key; keys that begin with `event.` are the store's own.
  /// - Parameter value: nil forgets the key.
  package func set(_ key: String, _ value: String?, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.setting("user." + key, value), then: then)
  }

  package func setting(_ key: String, then: @escaping @Sendable (Result<String?, StoreError>) -> Void) {
    ask({ (database) throws(StoreError) in try database.setting("user." + key) }, then: then)
  }

  /// Waits: for the time before the loops run.
  package func loadSetting(_ key: String) throws(StoreError) -> String? {
    try waitFor { (worker) throws(StoreError) in
      try worker.ask { (database) throws(StoreError) in try database.setting("user." + key) }
    }
  }
}
