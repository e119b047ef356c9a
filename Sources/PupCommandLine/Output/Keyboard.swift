internal import Glibc

/// The terminal's keys one by one, unseen, while a screen is shown.
struct Keyboard {
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

  /// Whether `q` is among what was typed; nil at the end of input.
  static func hasLeft() -> Bool? {
    var keys = [UInt8](repeating: 0, count: 64)
    let count = read(0, &keys, keys.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return false }
    guard count > 0 else { return nil }
    return keys[..<count].contains { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") }
  }
}
