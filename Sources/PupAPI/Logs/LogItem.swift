/// A log line; the supervisor's own have the process id `core`.
public struct LogItem: Hashable, Sendable {
  /// `stderr` is `error`, `stdout` is `log`; Pup's own lines have any.
  public var severity: APILogSeverity
  /// `stdout`, `stderr`, or what Pup's own line is about.
  public var category: String
  /// Without the line break.
  public var text: String
  /// The process that wrote it; `core` for Pup itself.
  public var processId: String
  /// Milliseconds since 1970.
  public var timeStamp: Int64

  /// A line.
  /// - Parameter timeStamp: milliseconds since 1970.
  public init(severity: APILogSeverity, category: String, text: String, processId: String, timeStamp: Int64) {
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
      processId: try fields.string("processId"), timeStamp: try fields.integer("timeStamp"))
  }
}
