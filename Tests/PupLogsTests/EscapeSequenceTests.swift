import PupTestSupport
import Testing

@testable import PupLogs

@Suite struct EscapeSequenceTests {
  private func strip(_ text: String) -> String {
    let bytes = Array(text.utf8)
    var kept = [UInt8](repeating: 0, count: bytes.count + 1)
    let count = bytes.withUnsafeBufferPointer { source in
      kept.withUnsafeMutableBufferPointer { EscapeSequence.strip(source.baseAddress!, source.count, to: $0.baseAddress!) }
    }
    return String(decoding: kept[..<count], as: UTF8.self)
  }

  @Test(arguments: [
    ("plain", "plain"), ("\u{1B}[31mred\u{1B}[0m", "red"), ("a\u{1B}[1;38;5;200mb", "ab"), ("\u{1B}]0;title\u{07}text", "text"),
    ("\u{1B}]8;;http://x\u{1B}\\link\u{1B}]8;;\u{1B}\\!", "link!"), ("\u{1B}Pq#0\u{1B}\\x", "x"), ("\u{1B}(Bx", "x"),
    ("\u{1B}7x\u{1B}8y", "xy"),
    ("\u{1B}OAx", "x"), ("end\u{1B}[3", "end"), ("end\u{1B}", "end"), ("\u{1B}]0;not ended", "0;not ended"),
    ("\u{1B}[31\u{1B}[32mx", "x"), ("\u{1B}[2Kx", "x"), ("\u{1B}\u{1B}[0mx", "x"), ("ü\u{1B}[0mß", "üß"), ("\u{1B}[ü", "ü"),
  ])
  func sequencesAreRemovedAndTextStays(text: String, kept: String) { #expect(strip(text) == kept) }

  @Test func stringsWithoutEndDoNotSwallowTheLine() {
    let body = String(repeating: "x", count: 10_000)
    #expect(strip("\u{1B}]" + body) == body)
  }

  @Test(arguments: [
    ("abc", 0), ("abc\u{1B}", 1), ("abc\u{1B}[3", 3), ("abc\u{1B}[31m", 0), ("\u{1B}]0;ti", 6), ("\u{1B}]0;ti\u{07}", 0),
    ("\u{1B}[0m\u{1B}[", 2), ("\u{1B}]0;ti\u{1B}", 7),
  ])
  func aPieceIsNotCutInsideASequence(text: String, tail: Int) {
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBufferPointer { EscapeSequence.unfinishedTail($0.baseAddress!, $0.count) } == tail)
  }

  @Test func randomBytesNeverGrowNorCrash() {
    var generator = SeededGenerator(seed: 11)
    let alphabet: [UInt8] = [0x1B, 0x5B, 0x5D, 0x50, 0x07, 0x5C, 0x30, 0x6D, 0x20, 0x00, 0xFF, 0x0D, 0x4F]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...40, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
      var kept = [UInt8](repeating: 0, count: bytes.count)
      let count = bytes.withUnsafeBufferPointer { source in
        kept.withUnsafeMutableBufferPointer { EscapeSequence.strip(source.baseAddress!, source.count, to: $0.baseAddress!) }
      }
      #expect(count <= bytes.count)
      #expect(!kept[..<count].contains(0x1B))
    }
  }
}
