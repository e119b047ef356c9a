import PupTestSupport
import Testing

@testable import PupSystem

@Suite struct TerminalTextTests {
  private func shown(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    bytes.withUnsafeBytes { TerminalText.append($0, to: &result) }
    return String(decoding: result, as: UTF8.self)
  }

  @Test func everyControlCharacterIsVisible() {
    for byte in UInt8(0)..<0x20 where byte != 0x09 && byte != 0x0A {
      #expect(shown([0x61, byte, 0x62]) == "a^\(Character(UnicodeScalar(byte + 0x40)))b")
    }
    #expect(shown([0x7F]) == "^?")
    #expect(shown([0x09, 0x0A]) == "\t\n")
    for value in UInt8(0x80)...0x9F { #expect(shown([0xC2, value]) == "\\u{\(String(value, radix: 16))}") }
  }

  @Test(arguments: [
    ("\u{202A}", "\\u{202a}"), ("\u{202E}", "\\u{202e}"), ("\u{2066}", "\\u{2066}"), ("\u{2069}", "\\u{2069}"),
    ("\u{2028}", "\\u{2028}"), ("a\r\nb", "a\nb"), ("a\rb", "a^Mb"), ("\u{1B}[31m", "^[[31m"), ("\u{1B}]0;x\u{7}", "^[]0;x^G"),
    ("schön ✓ 漢字 😀 עברית", "schön ✓ 漢字 😀 עברית"),
    ("\u{A0}\u{2027}\u{202F}\u{2065}\u{206A}", "\u{A0}\u{2027}\u{202F}\u{2065}\u{206A}"),
    ("", ""),
  ])
  func whatSteersIsVisibleAndTheRestAsItIs(_ text: String, _ expected: String) {
    #expect(shown(Array(text.utf8)) == expected)
    #expect(TerminalText.visible(text) == expected)
  }

  @Test(
    arguments: [
      ([0x9B, 0x41], "\\x9bA"), ([0xC0, 0x8A], "\\xc0\\x8a"), ([0xE2, 0x82], "\\xe2\\x82"),
      ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
      ([0xF5, 0x80], "\\xf5\\x80"), ([0xE0, 0x82, 0x9B], "\\xe0\\x82\\x9b"), ([0xFF], "\\xff"), ([0xC2, 0x41], "\\xc2A"),
      ([0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"),
    ] as [([UInt8], String)])
  func rawBytesAreVisible(_ bytes: [UInt8], _ expected: String) { #expect(shown(bytes) == expected) }

  @Test func aLineStaysALine() {
    #expect(TerminalText.visibleLine("a\tb\nc\u{7}") == "a b^Jc^G")
    #expect(TerminalText.visibleLine("plain") == "plain")
  }

  /// Whatever comes in, nothing is left that a terminal acts upon.
  @Test func randomBytesAreHarmless() {
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<2000 {
      let bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let text = shown(bytes)
      #expect(
        text.unicodeScalars.allSatisfy { scalar in
          scalar == "\n" || scalar == "\t" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
        }, "\(bytes)")
      #expect(!text.unicodeScalars.contains("\u{FFFD}") || bytes.contains(0xEF), "\(bytes)")
    }
  }
}
