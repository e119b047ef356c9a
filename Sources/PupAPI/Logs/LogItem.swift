/// A log line; the supervisor's own lines have the process id `core`.
public struct LogItem: Hashable, Sendable {
  /// The severity stated in the line, as in `WARNING: …`; otherwise `stderr`
  /// is `error` and `stdout` is `log`. Pup's own lines can have any.
  public var severity: APILogSeverity
  /// `stdout`, `stderr`, or the topic of one of Pup's own lines.
  public var category: String
  /// Without the line break.
  public var text: String
  /// The process that wrote it; `core` for Pup itself.
  public var processId: String
  /// Milliseconds since 1970.
  public var timeStamp: Int64
  /// The program has not ended this line yet (a prompt, a progress bar), or
  /// the line is too long for one piece; the next piece has `continued`.
  public var partial: Bool
  /// The text continues the previous piece of the same process and category.
  public var continued: Bool
  /// The length of the whole line in bytes, if `text` is only its beginning.
  public var length: Int64?
  /// The kind of the event that reports the same, for one of Pup's own lines about a process. Only in event streams.
  public var event: EventName?

  /// A line, or a piece of one. `timeStamp` is in milliseconds since 1970.
  public init(
    severity: APILogSeverity, category: String, text: String, processId: String, timeStamp: Int64, partial: Bool = false,
    continued: Bool = false, length: Int64? = nil, event: EventName? = nil
  ) {
    self.partial = partial
    self.continued = continued
    self.length = length
    self.event = event
    self.severity = severity
    self.category = category
    self.text = text
    self.processId = processId
    self.timeStamp = timeStamp
  }
}

extension LogItem: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("severity", severity.rawValue)
      $0.member("category", category)
      $0.member("text", text)
      $0.member("processId", processId)
      $0.member("timeStamp", timeStamp)
      if partial { $0.member("partial", true) }
      if continued { $0.member("continued", true) }
      $0.member("length", ifPresent: length)
      $0.member("event", ifPresent: event?.rawValue)
    }
  }
}

extension LogItem: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    guard let severity = APILogSeverity(word: try fields.string("severity")) else {
      throw fields.wrong("severity", "log, info, warn or error")
    }
    self.init(
      severity: severity, category: try fields.string("category"), text: try fields.string("text"),
      processId: try fields.string("processId"), timeStamp: try fields.integer("timeStamp"),
      partial: try fields.optionalBool("partial") ?? false, continued: try fields.optionalBool("continued") ?? false,
      length: try fields.optionalInteger("length"),
      event: try fields.optionalString("event").map(EventName.init(rawValue:)))
  }
}
