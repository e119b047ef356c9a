internal import CLinux
internal import Glibc

/// How one of Pup's own processes ended.
enum ChildEnd: Equatable {
  case exited(Int32)
  case signaled(Int32)
  /// It was somebody else's child, or has been reaped.
  case unknown

  init(_ status: pup_child_status) {
    self = status.code == CLD_EXITED ? .exited(status.status) : .signaled(status.status)
  }

  /// Nil while it lives.
  init?(of pidfd: Int32) {
    var status = pup_child_status()
    let answer = pup_wait_pidfd(pidfd, false, &status)
    guard answer != 0 else { return nil }
    // Taken for alive, one that has been reaped would never be replaced.
    self = answer > 0 ? ChildEnd(status) : .unknown
  }
}

extension ChildEnd: CustomStringConvertible {
  var description: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signaled(let signal): "signal \(signal)"
    case .unknown: "it ended"
    }
  }
}
