/// The answer to an action that was not refused.
public struct ActionResult: Hashable, Sendable {
  /// How far it came.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It will be done; events tell the rest.
    case accepted
    /// Nothing had to be done.
    case unchanged
    /// The state that was asked for has been reached (only for a request that waits).
    case done
    /// It is under way, and the time to wait was over.
    case pending
  }

  /// How far it came.
  public var outcome: Outcome
  /// For a person; nil where there is nothing to add.
  public var message: String?

  /// A result.
  /// - Parameter message: for a person.
  public init(_ outcome: Outcome, message: String? = nil) {
    self.outcome = outcome
    self.message = message
  }
}

extension ActionResult: JSONEncodable {
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("success", true)
      $0.member("outcome", outcome.rawValue)
      $0.member("message", ifPresent: message)
    }
  }
}

extension ActionResult: JSONDecodable {
  public init(json: JSONValue) throws(PupError) {
    let fields = try JSONFields(json)
    guard let outcome = Outcome(rawValue: try fields.string("outcome")) else {
      throw fields.wrong("outcome", "a known outcome")
    }
    self.init(outcome, message: try fields.optionalString("message"))
  }
}
