internal import CLinux
internal import Glibc

/// A terminal, seen from the keyboard and the screen.
final class Terminal {
  let path: String
  private var master: Int32
  private var screen: [UInt8] = []

  init() throws {
    master = pup_open("/dev/ptmx", O_RDWR | O_NOCTTY, 0)
    var (locked, number): (Int32, UInt32) = (0, 0)
    // TIOCSPTLCK, TIOCGPTN: what unlockpt and ptsname do.
    guard master >= 0, ioctl(master, 0x4004_5431, &locked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
      throw Failure("no terminal: errno \(errno)")
    }
    path = "/dev/pts/\(number)"
  }

  deinit { hangUp() }

  func type(_ text: String) { _ = write(master, text, text.utf8.count) }

  func hangUp() {
    if master >= 0 { close(master) }
    master = -1
  }

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
