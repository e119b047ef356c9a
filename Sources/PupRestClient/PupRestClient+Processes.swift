public import PupAPI

extension PupRestClient {
  // MARK: Reading

  /// All processes with their configuration.
  public func getProcesses() async throws(PupError) -> [ProcessEntry] {
    try await read(Call(path: "/processes")) { (data) throws(PupError) in
      try Self.elements(data) { (json) throws(PupError) in try ProcessEntry(json: json) }
    }
  }

  /// One process or cluster with its configuration; ids are compared ignoring case.
  /// - Throws: `unknownProcess`.
  public func getProcess(_ id: String) async throws(PupError) -> ProcessEntry {
    try await read(Call(path: "/processes/\(PercentEncoding.segment(id))")) { (data) throws(PupError) in
      try ProcessEntry(json: data)
    }
  }

  /// The state of the supervisor and its machine.
  public func getState() async throws(PupError) -> ApplicationState {
    try await read(Call(path: "/state")) { (data) throws(PupError) in try ApplicationState(reading: data) }
  }

  /// The latest transitions of a process, oldest first.
  /// - Parameters:
  ///   - id: the process.
  ///   - limit: 1–1000.
  /// - Throws: `unknownProcess`.
  public func getHistory(_ id: String, limit: Int = 100) async throws(PupError) -> [HistoryEntry] {
    let call = Call(path: "/processes/\(PercentEncoding.segment(id))/history", query: [("count", String(limit))])
    return try await read(call) { (data) throws(PupError) in
      try Self.elements(data) { (json) throws(PupError) in try HistoryEntry(reading: json) }
    }
  }

  // MARK: Acting

  /// Starts a process, the members of a cluster, or `all`.
  /// - Parameters:
  ///   - id: the process or cluster; `all` means every process.
  ///   - wait: nil returns once the action is accepted; otherwise returns
  ///     once the process is running or the time (at most 300 s) is over.
  /// - Throws: `unknownProcess`; `refused` with the reason, for example because it is blocked.
  @discardableResult
  public func start(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(.start, id, wait)
  }

  /// Stops a process; it stays stopped until it is started manually. See `start` for parameters and errors.
  @discardableResult
  public func stop(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(.stop, id, wait)
  }

  /// Restarts a process, or starts a stopped one. Not retried automatically once the server may have received it.
  @discardableResult
  public func restart(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(.restart, id, wait)
  }

  /// Refuses every start until `unblock`.
  @discardableResult
  public func block(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(.block, id, wait)
  }

  /// Allows starts again. See `start` for parameters and errors.
  @discardableResult
  public func unblock(_ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(.unblock, id, wait)
  }

  /// Performs an action.
  @discardableResult
  public func act(_ action: ProcessAction, _ id: String, wait: Duration? = nil) async throws(PupError) -> ActionResult {
    try await act(action, id, wait)
  }

  private func act(_ action: ProcessAction, _ id: String, _ wait: Duration?) async throws(PupError) -> ActionResult {
    var call = Call(
      method: .post, path: "/processes/\(PercentEncoding.segment(id))/\(action.rawValue)", isIdempotent: action != .restart)
    call.wait = wait
    return try await read(call) { (data) throws(PupError) in try Self.result(data) }
  }

  /// The original's response does not contain an outcome.
  static func result(_ data: JSONValue) throws(PupError) -> ActionResult {
    data["outcome"] == nil ? ActionResult(.accepted, message: data["message"]?.stringValue) : try ActionResult(json: data)
  }

  static func elements<Element>(
    _ data: JSONValue, _ decode: (JSONValue) throws(PupError) -> Element
  ) throws(PupError) -> [Element] {
    guard let elements = data.arrayValue else { throw PupError(.invalidBody, "data must be an array, not \(data.typeName)") }
    var decoded: [Element] = []
    for element in elements { decoded.append(try decode(element)) }
    return decoded
  }
}
