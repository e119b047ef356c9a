/// The stable words for what can go wrong; new ones may come, old ones keep their meaning.
public enum PupErrorCode: String, Hashable, Sendable, CaseIterable {
  // MARK: Requests
  case invalidRequest = "invalid_request"
  case invalidParameter = "invalid_parameter"
  case invalidBody = "invalid_body"
  case unauthorized = "unauthorized"
  /// The token lacks the scope.
  case forbidden = "forbidden"
  /// The `Host` or `Origin` of the request is not one of this server's.
  case hostNotAllowed = "host_not_allowed"
  case notFound = "not_found"
  case unknownProcess = "unknown_process"
  case methodNotAllowed = "method_not_allowed"
  /// The process's state does not allow it.
  case refused = "refused"
  case bodyTooLarge = "body_too_large"
  case pathTooLong = "path_too_long"
  case unsupportedMediaType = "unsupported_media_type"
  case unprocessable = "unprocessable"
  case tooManyRequests = "too_many_requests"
  case headersTooLarge = "headers_too_large"
  case upgradeRequired = "upgrade_required"

  // MARK: Server
  case failed = "failed"
  case notImplemented = "not_implemented"
  /// Starting, stopping, or too busy; try again.
  case unavailable = "unavailable"

  // MARK: Client
  /// Nothing answers at the address.
  case notReachable = "not_reachable"
  case timedOut = "timed_out"
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
