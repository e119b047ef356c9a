internal import Glibc

/// The terminal's keys one by one, unseen, while a screen is shown.
struct Keyboard: Sendable {
  private let before: termios

  /// Nil where standard input is no terminal, or somebody else's at the moment.
  init?() {
    var settings = termios()
    guard isatty(0) == 1, tcgetpgrp(0) == getpgrp(), tcgetattr(0, &settings) == 0 else { return nil }
    before = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(0, TCSANOW, &settings) == 0 else { return nil }
  }

  func restore() {
    var settings = before
    tcsetattr(0, TCSANOW, &settings)
  }

  /// What was typed; nil at the end of input.
  static func read() -> [Key]? {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = Glibc.read(0, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? Key.read(bytes[..<count]) : nil
  }
}
