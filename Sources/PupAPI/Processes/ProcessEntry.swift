/// An element of `GET /processes`: `{"status": …, "config": …}`.
public struct ProcessEntry: Hashable, Sendable {
  /// How the process is now.
  public var status: ProcessInformation
  /// The configuration as it was read, without what may be a secret: values of environment variables are left out.
  public var config: JSONObject

  /// An element of the listing.
  /// - Parameter config: without the values of environment variables.
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
