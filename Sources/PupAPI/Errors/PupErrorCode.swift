/// The stable words for what can go wrong; new ones may come, old ones keep their meaning.
public enum PupErrorCode: String, Hashable, Sendable, CaseIterable {
  // MARK: Requests
  /// Not HTTP as it is spoken here. Status 400, as the next two.
  case invalidRequest = "invalid_request"
  /// A parameter of the path or the query, or of a call in Swift.
  case invalidParameter = "invalid_parameter"
  /// The body is no JSON, or a field of it is wrong; the message names it.
  case invalidBody = "invalid_body"
  /// There is no token, or it is wrong, expired or revoked (401).
  case unauthorized = "unauthorized"
  /// The token lacks the scope.
  case forbidden = "forbidden"
  /// The `Host` or `Origin` of the request is not one of this server's.
  case hostNotAllowed = "host_not_allowed"
  /// No such path (404).
  case notFound = "not_found"
  /// No process has the id (404).
  case unknownProcess = "unknown_process"
  /// The path does not take the method (405).
  case methodNotAllowed = "method_not_allowed"
  /// The process's state does not allow it.
  case refused = "refused"
  /// 413.
  case bodyTooLarge = "body_too_large"
  /// 414.
  case pathTooLong = "path_too_long"
  /// The body is not called `application/json` (415).
  case unsupportedMediaType = "unsupported_media_type"
  /// The request is understood, and cannot be carried out as it is (422).
  case unprocessable = "unprocessable"
  /// Try again later (429).
  case tooManyRequests = "too_many_requests"
  /// 431.
  case headersTooLarge = "headers_too_large"
  /// The path is for WebSockets (426).
  case upgradeRequired = "upgrade_required"

  // MARK: Server
  /// Something went wrong inside (500).
  case failed = "failed"
  /// This version cannot do that yet (501).
  case notImplemented = "not_implemented"
  /// Starting, stopping, or too busy; try again.
  case unavailable = "unavailable"

  // MARK: Client
  /// Nothing answers at the address.
  case notReachable = "not_reachable"
  /// There was no answer in time; whether it was done is not known.
  case timedOut = "timed_out"
  /// The task was cancelled, or the client closed.
  case cancelled = "cancelled"
  /// The answer is not what this version understands.
  case unexpectedAnswer = "unexpected_answer"

  /// 0 for what has no HTTP status.
  public var status: Int {
    switch self {
    case .invalidRequest, .invalidParameter, .invalidBody: 400
    case .unauthorized: 401
    case .forbidden, .hostNotAllowed: 403
    case .notFound, .unknownProcess: 404
    case .methodNotAllowed: 405
    case .refused: 409
    case .bodyTooLarge: 413
    case .pathTooLong: 414
    case .unsupportedMediaType: 415
    case .unprocessable: 422
    case .upgradeRequired: 426
    case .tooManyRequests: 429
    case .headersTooLarge: 431
    case .failed: 500
    case .notImplemented: 501
    case .unavailable: 503
    case .notReachable, .timedOut, .cancelled, .unexpectedAnswer: 0
    }
  }

  init(status: Int) {
    self = Self.allCases.first { $0.status == status } ?? (400..<500 ~= status ? .invalidRequest : .failed)
  }
}
