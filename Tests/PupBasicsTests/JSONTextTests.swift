import PupBasics
import Testing

@Suite struct JSONTextTests {
  @Test(arguments: [
    ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\n\r\t", #""\n\r\t""#), ("\u{0}\u{1F}\u{7F}", #""\u0000\u001f\u007f""#),
    ("é\u{2028}🐶/", "\"é\u{2028}🐶/\""),
  ])
  func quoted(text: String, json: String) { #expect(JSONText.quoted(text) == json) }

  @Test func whatStandsThereStays() {
    var bytes = Array("[".utf8)
    JSONText.append("\n", to: &bytes)
    JSONText.append("x", to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == #"["\n""x""#)
  }

  @Test func hexadecimalDigitsHaveAWidth() {
    #expect(HexText.digits(0, 2) == "00")
    #expect(HexText.digits(0xAB, 4) == "00ab")
    #expect(HexText.digits(.max, 2) == "ffffffffffffffff")
  }
}
