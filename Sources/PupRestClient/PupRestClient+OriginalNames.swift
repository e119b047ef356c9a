public import PupAPI

/// The original client's names for methods that have shorter names here. See `docs/client.md` for a complete table.
extension PupRestClient {
  /// `start`.
  @discardableResult
  public func startProcess(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await start(id, wait: wait)
  }

  /// `stop`.
  @discardableResult
  public func stopProcess(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await stop(id, wait: wait)
  }

  /// `restart`.
  @discardableResult
  public func restartProcess(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await restart(id, wait: wait)
  }

  /// `block`.
  @discardableResult
  public func blockProcess(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await block(id, wait: wait)
  }

  /// `unblock`.
  @discardableResult
  public func unblockProcess(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await unblock(id, wait: wait)
  }
}
