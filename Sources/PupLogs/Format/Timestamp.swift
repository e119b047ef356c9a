internal import PupBasics

/// The fixed-width text of a moment, `2026-11-21T08:15:30.123456Z`: 27 bytes that sort like the moments themselves.
package enum Timestamp {
  package static let width = 27
  /// `2026-11-21T08:15:30.123Z`, for decorated lines.
  static let shortWidth = 24

  /// Writes `width` bytes.
  static func render(_ time: LogTime, to bytes: UnsafeMutablePointer<UInt8>) {
    var span = MutableSpan(_unsafeStart: bytes, count: width)
    ISOText.write(time.microseconds, .microseconds, to: &span)
  }

  /// Writes `shortWidth` bytes; truncates to milliseconds.
  static func renderShort(_ time: LogTime, to bytes: UnsafeMutablePointer<UInt8>) {
    var span = MutableSpan(_unsafeStart: bytes, count: shortWidth)
    ISOText.write(time.microseconds, .milliseconds, to: &span)
  }

  package static func text(_ time: LogTime) -> String { ISOText.text(time.microseconds, .microseconds) }

  /// Reads what `render` wrote. Nil unless the first `width` bytes are exactly such a timestamp.
  static func parse(_ bytes: UnsafePointer<UInt8>) -> LogTime? {
    ISOText.read(Span(_unsafeStart: bytes, count: width)).map { LogTime(microseconds: $0) }
  }
}
