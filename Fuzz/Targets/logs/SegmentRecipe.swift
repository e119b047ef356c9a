internal import PupLogs

/// Makes large segments out of small inputs, so that blocks, windows and bisecting are reached: three bytes make one line.
enum SegmentRecipe {
  /// Larger ones only cost time. Bytes.
  private static let largest = 600 << 10

  static func content(_ recipe: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    var content: [UInt8] = []
    var time: Int64 = 1_000_000_000_000_000
    var rest = recipe
    while rest.count >= 3, content.count < largest {
      let (kind, step, length) = (rest.removeFirst(), rest.removeFirst(), Int(rest.removeFirst()))
      time += Int64(step) * (kind & 0x80 == 0 ? 1 : 100_000)
      let stamp = Timestamp.text(LogTime(microseconds: time))
      switch kind % 16 {
      case 0: content += stamp.utf8.prefix(length % 28)
      case 1: content += "\(stamp) error stderr ".utf8
      case 2: content += "\(stamp) log stdout+ ".utf8
      case 3: content += "\(stamp) log +stdout ".utf8
      case 4: content += "\(stamp) log +stdout+ ".utf8
      case 5: content += "\(stamp) ".utf8
      case 6: time -= 2_000_000
      case 7: content += "\(stamp) odd words here ".utf8
      default: content += "\(stamp) log stdout ".utf8
      }
      let size = kind & 0x40 == 0 ? length : length * 300
      content.append(contentsOf: repeatElement(UInt8(ascii: "a") + kind % 26, count: size))
      if kind & 0x20 == 0 || kind % 16 > 7 { content.append(UInt8(ascii: "\n")) }
    }
    return content
  }

  /// Every line begins with a timestamp, none of which is older than the one before.
  static func isSorted(_ content: [UInt8]) -> Bool {
    var latest: ArraySlice<UInt8> = []
    var rest = content[...]
    while let feed = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<feed]
      let stamp = line.prefix(Timestamp.width)
      guard line.count > Timestamp.width, SegmentName("00000001-" + name(stamp) + ".log") != nil else { return false }
      guard !stamp.lexicographicallyPrecedes(latest) else { return false }
      latest = stamp
      rest = rest[(feed + 1)...]
    }
    return true
  }

  /// A timestamp as file names show it: whether it is one is said by the product.
  private static func name(_ stamp: ArraySlice<UInt8>) -> String {
    String(decoding: stamp.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }, as: UTF8.self)
  }
}
