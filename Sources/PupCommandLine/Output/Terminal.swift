internal import CLinux
internal import Glibc
internal import PupSystem

/// Standard output and error of a command. What goes to a terminal is `ScreenText`; pipes and files get the bytes as they are.
enum Terminal {
  /// Why standard output could not be written; nil as long as it could, and where only nobody reads any more (`pup logs | head`).
  static let outputProblem = OutputProblem()

  static func print(_ text: String) { write(ScreenText(text, isTerminal: isInteractive)) }

  static func complain(_ text: String) {
    write(ScreenText(text.hasSuffix("\n") ? text : text + "\n", isTerminal: isErrorInteractive), to: 2)
  }

  /// Colours are for people: never into a pipe or a file, and not where NO_COLOR asks for none.
  static let hasColours = pup_is_terminal(1) && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Overwrites the line on standard error, which is a terminal.
  static func complainInPlace(_ text: String) {
    var screen = ScreenText()
    screen.add(control: "\r\u{1B}[K")
    screen.add(text)
    write(screen, to: 2)
  }

  /// - Returns: false when nobody reads any more.
  @discardableResult
  static func write(_ text: ScreenText, to descriptor: Int32 = 1) -> Bool {
    // Made for a pipe, and a terminal after all.
    guard text.isTerminal || !pup_is_terminal(descriptor) else {
      var screen = ScreenText()
      screen.add(text)
      return write(raw: screen.bytes, to: descriptor)
    }
    return write(raw: text.bytes, to: descriptor)
  }

  /// Bytes as they are, also on a terminal: for those who ask for that (`--output raw`).
  @discardableResult
  static func write(raw bytes: [UInt8], to descriptor: Int32 = 1) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        guard count > 0 else {
          if descriptor == 1, count < 0, errno != EPIPE { outputProblem.note(errno) }
          return false
        }
        offset += count
      }
      return true
    }
  }
}
