internal import PupAPI
internal import PupInstance

/// What ends a command: words for a person, and the exit code (sysexits(3) where it has one that fits).
struct CommandFailure: Error {
  /// The state that was asked for has not been reached.
  static let notDone: Int32 = 1
  static let unknownProcess: Int32 = 66
  /// It is under way, and the time to wait is over (EX_TEMPFAIL).
  static let stillPending: Int32 = 75

  var code: Int32
  /// Empty where everything is said already.
  var message: String

  init(_ code: Int32, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: InstanceError) { self.init(error.kind.rawValue, error.message) }

  init(_ error: PupError) { self.init(Self.code(of: error.code), error.message) }

  static func code(of error: PupErrorCode) -> Int32 {
    switch error {
    case .refused: notDone
    case .invalidRequest, .invalidParameter, .invalidBody, .bodyTooLarge, .pathTooLong, .headersTooLarge, .unprocessable,
      .unsupportedMediaType:
      65
    case .notFound, .unknownProcess: 66
    case .unavailable, .notReachable, .tooManyRequests: 69
    case .failed, .notImplemented, .methodNotAllowed, .upgradeRequired, .unexpectedAnswer: 70
    case .timedOut: stillPending
    case .unauthorized, .forbidden, .hostNotAllowed: 77
    case .cancelled: 130
    }
  }

  /// Runs a command's work; tells what ends it.
  static func exitCode(_ body: () throws(CommandFailure) -> Int32) -> Int32 {
    do throws(CommandFailure) {
      return try body()
    } catch {
      if !error.message.isEmpty { Terminal.complain("pup: \(error.message)") }
      return error.code
    }
  }

  /// Turns an error of the instance into one of a command.
  static func instance<Value>(_ body: () throws(InstanceError) -> Value) throws(CommandFailure) -> Value {
    do throws(InstanceError) { return try body() } catch { throw CommandFailure(error) }
  }
}
