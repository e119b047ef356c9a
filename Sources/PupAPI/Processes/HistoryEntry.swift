/// A transition of a process, with its cause.
public struct HistoryEntry: Hashable, Sendable {
  public var time: ISODate
  public var processId: String
  /// Nil when the process was created.
  public var old: APIProcessState?
  public var new: APIProcessState
  /// Who or what caused it: a consumer, "cron", "the restart policy" …
  public var actor: String
  public var cause: String
  public var pid: Int32?
  public var code: Int32?
  public var signal: String?

  public init(time: ISODate, processId: String, old: APIProcessState?, new: APIProcessState, actor: String, cause: String) {
    self.time = time
    self.processId = processId
    self.old = old
    self.new = new
    self.actor = actor
    self.cause = cause
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
    }
  }
}
