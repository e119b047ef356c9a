internal import CLinux
internal import Glibc

extension Terminal {
  static let isInteractive = pup_is_terminal(1)
  static let isErrorInteractive = pup_is_terminal(2)
  /// Where progress is shown.
  static let showsProgress = pup_is_terminal(2) && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Columns of the terminal; nil where there is none, and nothing is cut.
  static var width: Int? {
    guard isInteractive else { return nil }
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static var height: Int {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }
}
