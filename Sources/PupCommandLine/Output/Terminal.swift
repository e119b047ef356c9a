internal import CLinux
internal import Glibc

/// Standard output and error of a command.
enum Terminal {
  /// Why standard output could not be written; nil as long as it could, and where only nobody reads any more (`pup logs | head`).
  static let outputProblem = OutputProblem()

  static func print(_ text: String) { write(text, to: 1) }

  static func complain(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n", to: 2) }

  /// Colours are for people: never into a pipe or a file, and not where NO_COLOR asks for none.
  static let hasColours = pup_is_terminal(1) && getenv("NO_COLOR") == nil && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Overwrites the line on standard error.
  static func complainInPlace(_ text: String) { write("\r\u{1B}[K" + text, to: 2) }

  /// False when nobody reads any more.
  static func tryPrint(_ text: String) -> Bool { write(text, to: 1) }

  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    var text = text
    return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// False when nobody reads any more (`pup logs | head`).
  @discardableResult
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
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
