/// A process as shown by the interface. Members without a value are omitted.
public struct ProcessInformation: Hashable, Sendable {
  /// What runs under this id: a command, several members from one configuration, a script with its interpreter, or a plugin.
  public enum Kind: String, Hashable, Sendable, CaseIterable { case process, cluster, worker, plugin }

  /// As written in the configuration; compared ignoring case.
  public var id: String
  /// The state; "blocked" is a separate flag.
  public var status: APIProcessState
  /// The exit code of the last run.
  public var code: Int32?
  /// The signal that ended the last run, such as `SIGKILL`.
  public var signal: String?
  /// The pid of the current run.
  public var pid: Int32?
  /// When the last run began.
  public var started: ISODate?
  /// When the last run ended.
  public var exited: ISODate?
  /// Every start is refused until the process is unblocked.
  public var blocked: Bool
  /// Restarts by policy since the counter was last reset (by a manual stop, or a start by cron or watch).
  public var restarts: Int
  /// When anything here last changed.
  public var updated: ISODate
  /// Why it will be started again; nil if it will not.
  public var pendingRestartReason: String?
  /// The program's own last report.
  public var telemetry: ProcessTelemetry?
  /// What runs under this id.
  public var type: Kind

  // MARK: Additions to the original's shape

  /// The next start by schedule or policy.
  public var nextStart: ISODate?
  /// The next scheduled termination.
  public var nextTerminate: ISODate?
  /// One sentence: why it is in this state, and what happens next.
  public var explanation: String?
  /// Nil if nothing is running.
  public var resources: ProcessResources?
  /// The cluster that it belongs to.
  public var cluster: String?
  /// For a cluster, its members' ids.
  public var members: [String]?
  /// Processes that have left its tree and are still running; nil if there are none.
  public var strays: [StrayProcess]?

  /// Not blocked, no restarts, and everything else nil until set.
  public init(id: String, status: APIProcessState, updated: ISODate, type: Kind = .process) {
    self.id = id
    self.status = status
    self.updated = updated
    self.type = type
    blocked = false
    restarts = 0
  }
}

extension ProcessInformation: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("id", id)
      $0.member("status", status)
      $0.member("state", status.word)
      $0.member("code", ifPresent: code)
      $0.member("signal", ifPresent: signal)
      $0.member("pid", ifPresent: pid)
      $0.member("started", ifPresent: started)
      $0.member("exited", ifPresent: exited)
      $0.member("blocked", blocked)
      $0.member("restarts", restarts)
      $0.member("updated", updated)
      $0.member("pendingRestartReason", ifPresent: pendingRestartReason)
      $0.member("telemetry", ifPresent: telemetry)
      $0.member("type", type.rawValue)
      $0.member("nextStart", ifPresent: nextStart)
      $0.member("nextTerminate", ifPresent: nextTerminate)
      $0.member("explanation", ifPresent: explanation)
      $0.member("resources", ifPresent: resources)
      $0.member("cluster", ifPresent: cluster)
      $0.member("members", ifPresent: members)
      $0.member("strays", ifPresent: strays)
    }
  }
}

extension ProcessInformation: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json, path: "status")
    guard let state = APIProcessState(rawValue: Int32(clamping: try fields.integer("status"))) else {
      throw fields.wrong("status", "a known state")
    }
    guard let kind = Kind(rawValue: try fields.string("type")) else { throw fields.wrong("type", "a known type") }
    self.init(id: try fields.string("id"), status: state, updated: try fields.date("updated"), type: kind)
    code = try fields.optionalInteger("code").map { Int32(clamping: $0) }
    signal = try fields.optionalString("signal")
    pid = try fields.optionalInteger("pid").map { Int32(clamping: $0) }
    started = try fields.optionalDate("started")
    exited = try fields.optionalDate("exited")
    blocked = try fields.bool("blocked")
    restarts = Int(try fields.integer("restarts"))
    pendingRestartReason = try fields.optionalString("pendingRestartReason")
    if let value = fields.present("telemetry") { telemetry = try ProcessTelemetry(json: value) }
    nextStart = try fields.optionalDate("nextStart")
    nextTerminate = try fields.optionalDate("nextTerminate")
    explanation = try fields.optionalString("explanation")
    if let value = fields.present("resources") { resources = try ProcessResources(json: value) }
    cluster = try fields.optionalString("cluster")
    members = try fields.optionalStrings("members")
    if fields.present("strays") != nil {
      var known: [StrayProcess] = []
      for value in try fields.array("strays") { known.append(try StrayProcess(json: value)) }
      strays = known
    }
  }
}
