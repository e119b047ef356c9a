/// Stable error codes: new ones may be added, existing ones keep their meaning.
public enum PupErrorCode: String, Hashable, Sendable, CaseIterable {
  // MARK: Requests
  /// A request that this server does not accept as HTTP. Status 400, like the next two.
  case invalidRequest = "invalid_request"
  /// A parameter in the path or query, or in a Swift call, is wrong.
  case invalidParameter = "invalid_parameter"
  /// The body is not JSON, or one of its fields is wrong; the message names it.
  case invalidBody = "invalid_body"
  /// The token is missing, wrong, expired or revoked (401).
  case unauthorized = "unauthorized"
  /// The token lacks the scope.
  case forbidden = "forbidden"
  /// The request's `Host` or `Origin` is not accepted by this server.
  case hostNotAllowed = "host_not_allowed"
  /// No such path (404).
  case notFound = "not_found"
  /// No process has this id (404).
  case unknownProcess = "unknown_process"
  /// The path does not support the method (405).
  case methodNotAllowed = "method_not_allowed"
  /// The process's state does not allow the action.
  case refused = "refused"
  /// 413.
  case bodyTooLarge = "body_too_large"
  /// 414.
  case pathTooLong = "path_too_long"
  /// The body's type is not `application/json` (415).
  case unsupportedMediaType = "unsupported_media_type"
  /// The request is well-formed but cannot be carried out (422).
  case unprocessable = "unprocessable"
  /// Try again later (429).
  case tooManyRequests = "too_many_requests"
  /// 431.
  case headersTooLarge = "headers_too_large"
  /// The path requires a WebSocket (426).
  case upgradeRequired = "upgrade_required"

  // MARK: Server
  /// An internal error (500).
  case failed = "failed"
  /// Not implemented in this version (501).
  case notImplemented = "not_implemented"
  /// The server is starting, stopping or too busy; try again later.
  case unavailable = "unavailable"

  // MARK: Client
  /// Nothing responds at the address.
  case notReachable = "not_reachable"
  /// There was no response in time; the request may or may not have been carried out.
  case timedOut = "timed_out"
  /// The task was cancelled or the client was closed.
  case cancelled = "cancelled"
  /// This version does not understand the response.
  case unexpectedAnswer = "unexpected_answer"

  /// 0 for errors without an HTTP status.
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
