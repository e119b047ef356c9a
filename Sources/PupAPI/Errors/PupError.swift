/// An error, represented the same way in Swift, in REST responses and in the command line's exit code.
public struct PupError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of error, for programs.
  public var code: PupErrorCode
  /// For a person: what went wrong, where, and how to fix it.
  public var message: String

  /// An error.
  /// - Parameters:
  ///   - code: the kind of error, for programs.
  ///   - message: a description for a person; it must not contain a token.
  public init(_ code: PupErrorCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The HTTP status of a response that carries this error.
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
  /// The error in a response body; if the body has no code, the status determines it.
  public init(status: Int, body: [UInt8]) {
    let value = try? JSONValue(parsing: body)
    let word = value?["code"]?.stringValue ?? ""
    let code = PupErrorCode(rawValue: word) ?? PupErrorCode(status: status)
    self.init(code, value?["error"]?.stringValue ?? "HTTP status \(status)")
  }
}
