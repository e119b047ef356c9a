/// A transition of a process, with its cause.
public struct HistoryEntry: Hashable, Sendable {
  /// When it happened.
  public var time: ISODate
  /// The process that changed.
  public var processId: String
  /// Nil when the process was created.
  public var old: APIProcessState?
  /// The state since then.
  public var new: APIProcessState
  /// Who or what caused it: a consumer, "cron", "the restart policy" …
  public var actor: String
  /// One sentence.
  public var cause: String
  /// Of the run that began or ended.
  public var pid: Int32?
  /// How the run ended, on transitions that its end caused.
  public var code: Int32?
  /// The signal that ended the run, such as `SIGKILL`.
  public var signal: String?
  /// The kernel's OOM killer ended the run.
  public var outOfMemory: Bool
  /// Restarts by policy so far.
  public var restarts: Int
  /// What the run used: processor time in seconds, largest resident set in bytes; nil where its end was not this transition's cause.
  public var userSeconds: Double?
  /// Processor time that the kernel spent for the run, in seconds.
  public var systemSeconds: Double?
  /// The largest resident set of the run, in bytes.
  public var peakMemory: Int64?

  /// Pid, code and signal are nil until they are set.
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
