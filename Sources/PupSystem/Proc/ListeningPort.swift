/// What listens on a TCP port of this machine.
package enum ListeningPort {
  /// The address by which to reach it, as in a URL; nil if none of this user's processes listens there.
  package static func host(_ port: UInt16, of user: UInt32) -> String? {
    for (file, isSix) in [("/proc/net/tcp", false), ("/proc/net/tcp6", true)] {
      guard let table = ProcFiles.read(file).map({ String(decoding: $0, as: UTF8.self) }) else { continue }
      for line in table.split(separator: "\n").dropFirst() {
        // sl local_address rem_address st tx:rx tr:tm retrnsmt uid
        let fields = line.split(separator: " ")
        guard fields.count > 7, fields[3] == "0A", UInt32(fields[7]) == user else { continue }
        let place = fields[1].split(separator: ":")
        guard place.count == 2, UInt16(place[1], radix: 16) == port else { continue }
        return isSix ? hostSix(place[0]) : hostFour(place[0])
      }
    }
    return nil
  }

  /// Four bytes as a number in this machine's order (only little-endian ones are supported).
  private static func hostFour(_ digits: Substring) -> String {
    guard let number = UInt32(digits, radix: 16), number != 0 else { return "127.0.0.1" }
    return (0..<4).map { String(number >> UInt32($0 * 8) & 0xff) }.joined(separator: ".")
  }

  private static func hostSix(_ digits: Substring) -> String {
    // "::" accepts connections of both kinds.
    digits.allSatisfy { $0 == "0" } ? "127.0.0.1" : "[::1]"
  }
}
