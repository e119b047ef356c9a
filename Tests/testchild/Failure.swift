import Glibc

/// Why the program ends early, and with which code.
struct Failure: Error {
  static let usageCode: Int32 = 64
  static let systemCode: Int32 = 71
  static let addressInUseCode: Int32 = 98

  var text: String
  var code: Int32

  static func usage(_ text: String) -> Failure { Failure(text: text, code: usageCode) }

  /// A system call that has just failed.
  static func system(_ call: String) -> Failure {
    let code = errno
    return Failure(text: "\(call): \(String(cString: strerror(code)))", code: systemCode)
  }
}
