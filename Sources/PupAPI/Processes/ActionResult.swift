/// The result of an action that was not refused.
public struct ActionResult: Hashable, Sendable {
  /// How far the action has progressed.
  public enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It will be carried out; events report the rest.
    case accepted
    /// There was nothing to do.
    case unchanged
    /// The requested state has been reached (only for a request that waits).
    case done
    /// It is in progress, but the time to wait is over.
    case pending
  }

  /// How far the action has progressed.
  public var outcome: Outcome
  /// For a person; nil if there is nothing to add.
  public var message: String?

  /// A result.
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
