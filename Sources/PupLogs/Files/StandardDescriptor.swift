internal import CLinux
internal import Glibc
internal import PupSystem

/// Pup's own standard output or standard error as a `logger.*` file, whatever it is: reopening `/dev/stdout` would fail for a
/// socket, and for another user's pipe or terminal; and a file that is opened twice has two write positions.
struct StandardDescriptor {
  let number: Int32

  init(number: Int32) { self.number = number }

  /// Nil for a path that names neither of them.
  init?(path: String) {
    switch path {
    case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1": number = 1
    case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2", "/proc/thread-self/fd/2": number = 2
    default: return nil
    }
  }

  /// - Parameter way: how the opened descriptor has to be written to.
  func open(_ way: inout LogFile.Way) throws(SystemError) -> Descriptor {
    var info = stat()
    guard fstat(number, &info) == 0 else {
      throw SystemError("standard \(number == 1 ? "output" : "error") of Pup", errno: errno)
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG:
      way = .plain
      return try copy()
    case S_IFSOCK:
      way = .socket
      return try copy()
    default:
      // A description of our own can be made non-blocking, which other users of the terminal or pipe would not survive if it were
      // shared.
      let own = pup_open("/proc/self/fd/\(number)", O_WRONLY | O_NONBLOCK | O_NOCTTY, 0)
      way = own >= 0 ? .plain : .polled
      return own >= 0 ? Descriptor(own) : try copy()
    }
  }

  private func copy() throws(SystemError) -> Descriptor { try Descriptor(pup_duplicate(number, 3), "dup") }
}
