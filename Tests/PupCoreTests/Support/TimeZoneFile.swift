/// Writes TZif files (RFC 9636), including invalid ones.
struct TimeZoneFile {
  var version: UInt8 = 0x32
  var changes: [(at: Int64, kind: UInt8)] = []
  var offsets: [Int32] = [0]
  var footer = ""
  var leapSeconds: [(at: Int64, correction: Int32)] = []

  var bytes: [UInt8] {
    guard version != 0 else { return table(size: 4) }
    return table(size: 4) + table(size: 8) + [0x0A] + Array(footer.utf8) + [0x0A]
  }

  private func table(size: Int) -> [UInt8] {
    var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leapSeconds.count, changes.count, offsets.count, 4] { bytes += big(Int64(count), 4) }
    for change in changes { bytes += big(change.at, size) }
    for change in changes { bytes.append(change.kind) }
    for offset in offsets { bytes += big(Int64(offset), 4) + [0, 0] }
    bytes += Array("ABC".utf8) + [0]
    for leap in leapSeconds { bytes += big(leap.at, size) + big(Int64(leap.correction), 4) }
    return bytes
  }

  private func big(_ number: Int64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: number >> Int64(8 * (size - 1 - $0))) }
  }
}
