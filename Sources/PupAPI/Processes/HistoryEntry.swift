/// A state transition of a process, with its cause.
public struct HistoryEntry: Hashable, Sendable {
  /// When it happened.
  public var time: ISODate
  /// The process that changed.
  public var processId: String
  /// Nil when the process was created.
  public var old: APIProcessState?
  /// The new state.
  public var new: APIProcessState
  /// Who or what caused it: a consumer, "cron", "the restart policy" …
  public var actor: String
  /// One sentence.
  public var cause: String
  /// The pid of the run that began or ended.
  public var pid: Int32?
  /// The exit code, if the run's end caused this transition.
  public var code: Int32?
  /// The signal that ended the run, such as `SIGKILL`.
  public var signal: String?
  /// The kernel's OOM killer ended the run.
  public var outOfMemory: Bool
  /// Restarts by policy so far.
  public var restarts: Int
  /// The run's CPU time in user mode, in seconds; like the following two, nil if the run's end did not cause this transition.
  public var userSeconds: Double?
  /// The run's CPU time in kernel mode, in seconds.
  public var systemSeconds: Double?
  /// The run's peak resident set, in bytes.
  public var peakMemory: Int64?

  /// Pid, code and signal are nil until set.
  public init(time: ISODate, processId: String, old: APIProcessState?, new: APIProcessState, actor: String, cause: String) {
    self.time = time
    self.processId = processId
    self.old = old
    self.new = new
    self.actor = actor
    self.cause = cause
    outOfMemory = false
    restarts = 0
  }
}

extension HistoryEntry: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("time", time)
      $0.member("processId", processId)
      $0.member("oldState", ifPresent: old?.word)
      $0.member("newState", new.word)
      $0.member("actor", actor)
      $0.member("cause", cause)
      $0.member("pid", ifPresent: pid)
      $0.member("code", ifPresent: code)
      $0.member("signal", ifPresent: signal)
      if outOfMemory { $0.member("outOfMemory", true) }
      $0.member("restarts", restarts)
      $0.member("userSeconds", ifPresent: userSeconds)
      $0.member("systemSeconds", ifPresent: systemSeconds)
      $0.member("peakMemory", ifPresent: peakMemory)
    }
  }
}
