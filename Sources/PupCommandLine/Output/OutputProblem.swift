internal import CLinux
internal import Synchronization

/// The first error of standard output: what a command did not manage to say must not look like success.
final class OutputProblem: Sendable {
  private let number = Atomic<Int32>(0)

  func note(_ errno: Int32) { _ = number.compareExchange(expected: 0, desired: errno, ordering: .relaxed) }

  /// "No space left on device"
  var reason: String? {
    let errno = number.load(ordering: .relaxed)
    return errno == 0 ? nil : String(cString: pup_error_text(errno))
  }
}
