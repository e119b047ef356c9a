internal import CLinux
internal import Glibc

/// A system call that failed: which, and with what errno.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  package var call: String
  package var errno: Int32

  package init(_ call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// The machine, or this user's share of it, is short of something just now, no matter which process asks. (A full descriptor
  /// table is the process's own problem, and may stay full.)
  package var isShortage: Bool { [EAGAIN, ENOMEM, ENFILE].contains(errno) }

  /// Another version has written something that this build must not guess at.
  package var isRefusal: Bool { errno == EPROTO }

  /// "open /srv/x: Permission denied"
  package var description: String { "\(call): \(String(cString: pup_error_text(errno)))" }
}

/// Turns CLinux's "value or -errno" into a value or a thrown error.
@discardableResult
package func check<Value: SignedInteger>(_ value: Value, _ call: @autoclosure () -> String) throws(SystemError) -> Value {
  guard value >= 0 else { throw SystemError(call(), errno: Int32(truncatingIfNeeded: -value)) }
  return value
}
