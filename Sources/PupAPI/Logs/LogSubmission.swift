/// The body of `POST /log`: stored as process `core`.
public struct LogSubmission: Hashable, Sendable {
  /// The severity.
  public var severity: APILogSeverity
  /// Maximum length of `plugin`, in characters (Unicode scalars).
  public static let longestPlugin = 4096

  /// The author. See `category`.
  public var plugin: String
  /// The text; each of its lines becomes a log line.
  public var message: String

  /// A message to be logged. `plugin` has at least one character that is not whitespace, and at most 4096 characters.
  public init(severity: APILogSeverity, plugin: String, message: String) {
    self.severity = severity
    self.plugin = plugin
    self.message = message
  }

  /// The line's category: `api-` followed by the plugin's name as a single ASCII word.
  /// All other characters become `-`, and a long name is cut after 60 characters.
  public var category: String {
    var word = ""
    for scalar in plugin.unicodeScalars where word.utf8.count < 60 {
      let isUsable = scalar.value > 0x20 && scalar.value < 0x7F
      if isUsable { word.unicodeScalars.append(scalar) } else if !word.hasSuffix("-") { word += "-" }
    }
    // Leading and trailing whitespace is not significant.
    while word.hasSuffix("-"), plugin.unicodeScalars.last?.properties.isWhitespace == true { word.removeLast() }
    while word.hasPrefix("-"), plugin.unicodeScalars.first?.properties.isWhitespace == true { word.removeFirst() }
    return "api-\(word)"
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
    let scalars = plugin.unicodeScalars
    guard scalars.count <= Self.longestPlugin, !scalars.allSatisfy(\.properties.isWhitespace) else {
      throw fields.wrong("plugin", "a name of 1 to \(Self.longestPlugin) characters")
    }
    self.init(severity: severity, plugin: plugin, message: try fields.string("message"))
  }
}
