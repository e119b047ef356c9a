internal import Glibc

/// The room that getpwuid_r(3) and its like need, of which nobody knows before how much it is.
enum AccountBuffer {
  /// Far more than a group of ten thousand members needs.
  private static let most = 4 << 20

  /// - Parameter body: answers an errno, and what was found.
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
      // "Nobody" in other words: which of them a directory service has differs.
      case ENOENT, ESRCH: return nil
      case EINTR: continue
      case ERANGE where size < most: size *= 4
      default: throw SystemError(question, errno: code)
      }
    }
  }
}
