/// An element of `GET /processes`: `{"status": …, "config": …}`.
public struct ProcessEntry: Hashable, Sendable {
  /// The current status of the process.
  public var status: ProcessInformation
  /// The configuration as it was read, without potential secrets: values of environment variables are omitted.
  public var config: JSONObject

  /// A listing element.
  public init(status: ProcessInformation, config: JSONObject) {
    self.status = status
    self.config = config
  }
}

extension ProcessEntry: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("status", status)
      $0.member("config", config)
    }
  }
}

extension ProcessEntry: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    guard let config = try fields.required("config").objectValue else { throw fields.wrong("config", "an object") }
    self.init(status: try ProcessInformation(json: try fields.required("status")), config: config)
  }
}
