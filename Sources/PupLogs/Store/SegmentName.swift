/// A segment's file name, `00000012-20261121T081530.123456Z.log`: its number among the process's segments and its first moment.
package struct SegmentName: Hashable, Comparable, Sendable {
  package let sequence: UInt64
  package let first: LogTime

  package init(sequence: UInt64, first: LogTime) {
    self.sequence = sequence
    self.first = first
  }

  /// Nil for a file that is no segment.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard let dash = bytes.firstIndex(of: UInt8(ascii: "-")), dash >= 8, dash <= 18, bytes.count == dash + 28 else { return nil }
    guard bytes[(dash + 24)...].elementsEqual(".log".utf8), let sequence = UInt64(text.prefix(dash)) else { return nil }
    let stamp = bytes[(dash + 1)..<(dash + 24)]
    guard let time = Self.parse(Array(stamp)) else { return nil }
    self.init(sequence: sequence, first: time)
  }

  package var text: String {
    let digits = String(sequence)
    let stamp = Timestamp.text(first).filter { $0 != "-" && $0 != ":" }
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits + "-" + stamp + ".log"
  }

  package static func < (left: SegmentName, right: SegmentName) -> Bool { left.sequence < right.sequence }

  /// `20261121T081530.123456Z`
  private static func parse(_ stamp: [UInt8]) -> LogTime? {
    guard stamp.count == 23 else { return nil }
    var full: [UInt8] = []
    for (place, byte) in stamp.enumerated() {
      if place == 4 || place == 6 { full.append(UInt8(ascii: "-")) }
      if place == 11 || place == 13 { full.append(UInt8(ascii: ":")) }
      full.append(byte)
    }
    return full.withUnsafeBufferPointer { $0.baseAddress.flatMap { Timestamp.parse($0) } }
  }
}
