/// The body of `POST /log`: stored as process `core`, category `api-<plugin>`.
public struct LogSubmission: Hashable, Sendable {
  /// How serious it is.
  public var severity: APILogSeverity
  /// Who says it: 1–64 ASCII characters without blanks.
  public var plugin: String
  /// The line.
  public var message: String

  /// A line to be written.
  /// - Parameter plugin: 1–64 ASCII characters without blanks; others are refused by the server.
  public init(severity: APILogSeverity, plugin: String, message: String) {
    self.severity = severity
    self.plugin = plugin
    self.message = message
  }
}

extension LogSubmission: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("severity", severity.rawValue)
      $0.member("plugin", plugin)
      $0.member("message", message)
    }
  }
}

extension LogSubmission: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    guard let severity = APILogSeverity(word: try fields.string("severity")) else {
      throw fields.wrong("severity", "log, info, warn or error")
    }
    let plugin = try fields.string("plugin")
    let isName = plugin.utf8.count <= 64 && !plugin.isEmpty && plugin.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    guard isName else { throw fields.wrong("plugin", "a name of 1 to 64 ASCII characters without blanks") }
    self.init(severity: severity, plugin: plugin, message: try fields.string("message"))
  }
}
