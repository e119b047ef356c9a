import PupTestSupport
import Testing

/// Seeded mutations of good and bad configurations: nothing may crash, and what must hold for every text holds.
@Suite struct ConfigurationMutationTests {
  private static let corpus = [
    "minimal.json5", "full.json5", "escapes.json5", "clusters.json5", "commands.json5", "broken.json5", "numbers.json5",
    "nested.json5",
  ]

  private static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "//", "/*", "*/", "\n", "0x", "1e999", "-", "\\u", "\\ud800", "\u{FEFF}",
    "null", "NaN",
    "processes:", "id:", "cluster: {instances: 70000}", "\0", "$(", "`", "&&",
  ].map { Array($0.utf8) }

  @Test(arguments: corpus)
  func survives(_ name: String) throws {
    let original = try Corpus.input(name, of: "config")
    #expect(FuzzConfiguration.check(original) == [])
    var random = SeededGenerator(seed: name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    for round in 0..<60 {
      var bytes = original
      for _ in 0...Int.random(in: 0..<4, using: &random) { mutate(&bytes, &random) }
      let broken = FuzzConfiguration.check(bytes)
      #expect(broken == [], "round \(round): \(String(decoding: bytes, as: UTF8.self))")
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let length = min(Int.random(in: 1...16, using: &random), bytes.count - place)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes.removeSubrange(place..<place + length)
    case 2: bytes.insert(contentsOf: Self.tokens.randomElement(using: &random) ?? [], at: place)
    case 3: bytes.removeSubrange(place...)
    case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: Int.random(in: 0..<bytes.count, using: &random))
    default: bytes[place] = UInt8.random(in: 0...255, using: &random)
    }
  }

  /// Every beginning of a text is a text as well.
  @Test func survivesEveryTruncation() throws {
    let original = try Corpus.input("escapes.json5", of: "config")
    for length in original.indices { #expect(FuzzConfiguration.check(Array(original[..<length])) == []) }
  }
}
