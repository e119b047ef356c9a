internal import CLinux
internal import PupSystem

/// The date and the request ids for the headers of answers. Belongs to the loop's thread.
final class ResponseStamps {
  private var dates = HTTPDate()
  private var prefix: UInt64 = 0
  private var count: UInt64 = 0

  init() {
    _ = withUnsafeMutableBytes(of: &prefix) { $0.baseAddress.map { pup_random($0, 4) } }
    prefix &= 0xFFFF_FFFF
  }

  var date: String { dates.text(Clock.wallMicroseconds / 1_000_000) }

  /// Unique within the life of this process, and not the same in the next one.
  func nextRequestID() -> String {
    count += 1
    return "\(String(prefix, radix: 36))-\(String(count, radix: 36))"
  }
}
