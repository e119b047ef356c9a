import PupTestSupport

/// Damages inputs, the same way each time.
struct Mutation {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private mutating func random(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &generator) }

  mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...random(4) {
      guard !bytes.isEmpty else { return bytes }
      switch random(4) {
      case 0: bytes[random(bytes.count)] = UInt8(random(256))
      case 1: bytes.remove(at: random(bytes.count))
      case 2: bytes.insert(UInt8(random(256)), at: random(bytes.count))
      default:
        // A piece of it again, somewhere else.
        let start = random(bytes.count)
        let piece = bytes[start..<min(bytes.count, start + 1 + random(16))]
        bytes.insert(contentsOf: Array(piece), at: random(bytes.count))
      }
    }
    return bytes
  }
}
