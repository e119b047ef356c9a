internal import CLinux
internal import Glibc
internal import PupTestSupport

/// A terminal, seen from the keyboard and the screen.
final class Terminal {
  let path: String
  private var master: Int32
  private var screen: [UInt8] = []

  /// - Parameter lines: 0 for a terminal that does not know its size.
  init(lines: UInt16 = 0) throws {
    master = pup_open("/dev/ptmx", O_RDWR | O_NOCTTY, 0)
    var (locked, number): (Int32, UInt32) = (0, 0)
    // TIOCSPTLCK, TIOCGPTN: what unlockpt and ptsname do.
    guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw Failure("no terminal: errno \(errno)")
    }
    path = "/dev/pts/\(number)"
    if lines > 0 {
      var size = winsize(ws_row: lines, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
      _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }
  }

  deinit { hangUp() }

  func type(_ text: String) { _ = write(master, text, text.utf8.count) }

  func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

  /// How the terminal treats what is typed.
  var flags: tcflag_t {
    var settings = termios()
    tcgetattr(master, &settings)
    return settings.c_lflag
  }

  var isCanonical: Bool { flags & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO) }

  /// What was read before does not count any more.
  func forget() { screen.removeAll() }

  /// What has been read so far.
  var text: String { String(decoding: screen, as: UTF8.self) }

  /// Reads the screen until the text is there.
  func wait(for text: String, seconds: Double = 10) throws {
    let deadline = Deadline(seconds: seconds)
    while !String(decoding: screen, as: UTF8.self).contains(text) {
      var ready = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      var buffer = [UInt8](repeating: 0, count: 4096)
      guard poll(&ready, 1, deadline.milliseconds) > 0, case let count = read(master, &buffer, buffer.count), count > 0 else {
        throw Failure("awaited '\(text)' on the terminal in vain:\n\(String(decoding: screen, as: UTF8.self))")
      }
      screen += buffer[..<count]
    }
  }
}
