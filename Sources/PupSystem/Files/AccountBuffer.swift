internal import Glibc

/// The buffer that getpwuid_r(3) and its like need, whose size is not known in advance.
enum AccountBuffer {
  /// Far more than a group of ten thousand members needs.
  private static let most = 4 << 20

  /// - Parameter body: returns an errno, and what was found.
  static func ask<Answer>(
    _ question: String, _ body: (UnsafeMutablePointer<CChar>, Int) -> (code: Int32, answer: Answer?)
  ) throws(SystemError) -> Answer? {
    var size = 4096
    while true {
      let (code, answer) = withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) {
        $0.baseAddress.map { body($0, size) } ?? (ENOMEM, nil)
      }
      switch code {
      case 0: return answer
      // Different ways to say "not found": directory services differ in this.
      case ENOENT, ESRCH: return nil
      case EINTR: continue
      case ERANGE where size < most: size *= 4
      default: throw SystemError(question, errno: code)
      }
    }
  }
}
