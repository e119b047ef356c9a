internal import Glibc

/// What precedes the lines of a batch in the store, for each severity that occurs in it: made for the first line of that
/// severity.
struct PrefixTable: ~Copyable {
  /// Longer than any prefix, and copied in two halves regardless of the prefix's length.
  static let stride = 128

  let base: UnsafeMutablePointer<UInt8>
  private let widths: UnsafeMutablePointer<Int>

  init() {
    base = .allocate(capacity: LogSeverity.allCases.count * Self.stride)
    base.initialize(repeating: 0, count: LogSeverity.allCases.count * Self.stride)
    widths = .allocate(capacity: LogSeverity.allCases.count)
    widths.initialize(repeating: 0, count: LogSeverity.allCases.count)
  }

  deinit {
    base.deallocate()
    widths.deallocate()
  }

  mutating func removeAll() { widths.update(repeating: 0, count: LogSeverity.allCases.count) }

  /// 0 if it has not been made yet.
  @inline(__always)
  func width(_ severity: LogSeverity) -> Int { widths[Int(severity.rawValue)] }

  @inline(__always)
  func prefix(_ severity: LogSeverity) -> UnsafeMutablePointer<UInt8> { base + Int(severity.rawValue) * Self.stride }

  mutating func make(_ severity: LogSeverity, _ time: LogTime, _ origin: LineOrigin) {
    let target = prefix(severity)
    Timestamp.render(time, to: target)
    let rest = origin.storePrefix(severity)
    let count = min(rest.count, Self.stride - Timestamp.width)
    for place in 0..<count { target[Timestamp.width + place] = rest[place] }
    widths[Int(severity.rawValue)] = Timestamp.width + count
  }
}
