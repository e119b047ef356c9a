/// What went wrong, the same in Swift, in answers of the REST interface and in the exit code of the command line.
public struct PupError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, for programs.
  public var code: PupErrorCode
  /// For a person: what, where, and the way out.
  public var message: String

  /// An error.
  /// - Parameters:
  ///   - code: what went wrong, for programs.
  ///   - message: the same for a person; it must not hold a token.
  public init(_ code: PupErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The status of an HTTP answer that carries this error.
  public var status: Int { code.status }
  /// The message.
  public var description: String { message }
}

extension PupError: JSONEncodable {
  /// `{"error": "text", "code": "word"}`
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("error", message)
      $0.member("code", code.rawValue)
    }
  }
}

extension PupError {
  /// The error in a body; where the body has no code, the status stands for one.
  public init(status: Int, body: [UInt8]) {
    let value = try? JSONValue(parsing: body)
    let word = value?["code"]?.stringValue ?? ""
    let code = PupErrorCode(rawValue: word) ?? PupErrorCode(status: status)
    self.init(code, value?["error"]?.stringValue ?? "HTTP status \(status)")
  }
}
