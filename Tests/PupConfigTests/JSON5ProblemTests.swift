import PupConfig
import Testing

@Suite struct JSON5ProblemTests {
  private func problems(_ text: String) -> [String] { problems(Array(text.utf8)) }

  private func problems(_ bytes: [UInt8]) -> [String] {
    JSON5Document(bytes).problems.map { "\($0.offset): \($0.what); \($0.fix)" }
  }

  @Test(arguments: [
    ("", "0: the file is empty; start with { \"processes\": [] }"),
    ("// only a comment", "0: the file is empty; start with { \"processes\": [] }"),
    ("{a:1} x", "6: there is text after the end of the configuration; remove it, or check the brackets before it"),
    ("{a 1}", "2: a colon is missing after the key; write key: value"),
    ("{a=1}", "2: there is an `=` after a key; write :"),
    ("{a:1 b:2}", "4: a comma is missing here; write , between two values"),
    ("{a:1; b:2}", "4: found `;` where a comma is expected; write ,"),
    ("[1,,2]", "3: there is an extra comma; remove it"),
    ("{a:}", "3: a value is missing here; write one, or remove the key or comma before it"),
    ("{a:yes}", "3: `yes` is not a value; write true or false"),
    ("{a:True}", "3: `True` is not a value; write true"),
    ("{a:hello world, b:1}", "3: `hello` is not a value; write text in \"quotes\""),
    ("{a:'x}", "3: this string is not closed on its line; add ', or end the line with \\ to continue on the next one"),
    ("{a:\"x\n}", "3: this string is not closed on its line; add \", or end the line with \\ to continue on the next one"),
    ("{a:007}", "3: `007` is not a number; remove the leading zero"),
    ("{a:10s}", "3: `10s` is not a number; write a number like 42, -1.5, 2e3 or 0xff, and anything else in \"quotes\""),
    ("{1a:1}", "1: a key that starts with a digit needs quotes; write \"1a\""),
    ("{a:1", "0: this `{` is never closed; add the missing `}`"),
    ("{a:[1,2}", "7: found `}` where `]` is expected; close each bracket with its own kind"),
    ("[1,2", "0: this `[` is never closed; add the missing `]`"),
    ("{a:1] }", "4: found `]` where `}` is expected; close each bracket with its own kind"),
    ("# x\n{}", "0: `#` does not start a comment in JSON5; write //"),
    ("{a:1} /* x", "6: this comment is never closed; add */"),
    ("{a:“x”}", "3: `“` cannot start a value; write text in \"quotes\""),
    ("['\\u12']", "2: \\u needs 4 hexadecimal digits; write \\\\ for a backslash"),
    ("['\\ud800x']", "2: \\u is half of a surrogate pair; write both halves, or the character itself"),
    ("['\\1']", "2: `\\` followed by a digit is not an escape; write \\\\ for a backslash, or \\x1b for a character by its code"),
    ("{{a:1}}", "1: there is a value without a key; write key: value"),
    ("[a:1]", "1: `a` is not a value; write text in \"quotes\""),
  ])
  func tellsOne(_ text: String, _ expected: String) {
    #expect(problems(text).first == expected)
  }

  @Test func goesOnAfterAnError() {
    let text = """
      {
        a: yes,
        b 2,
        c: 'open
        d: [1 2, 03],
      }
      """
    let document = JSON5Document(Array(text.utf8))
    #expect(
      document.problems.map(\.what) == [
        "`yes` is not a value", "a colon is missing after the key", "this string is not closed on its line",
        "a comma is missing here",
        "`03` is not a number",
      ])
    #expect(!document.structureLost)
    #expect(document.value(of: "d", in: JSON5Document.root) != nil)
  }

  @Test(
    arguments: [
      ([0x7B, 0x00], "1: the file is binary (it contains a NUL byte); give the path of a JSON5 text file"),
      ([0xFF, 0xFE, 0x7B, 0x00], "0: the file is UTF-16 text; save it as UTF-8"),
      ([0x7B, 0x22, 0xC0, 0x80], "2: the text is not valid UTF-8 from here; save the file as UTF-8"),
      ([0xED, 0xA0, 0x80], "0: the text is not valid UTF-8 from here; save the file as UTF-8"),
      ([0x22, 0xE2, 0x82], "1: the text is not valid UTF-8 from here; save the file as UTF-8"),
      ([0xF4, 0x90, 0x80, 0x80], "0: the text is not valid UTF-8 from here; save the file as UTF-8"),
    ] as [([UInt8], String)])
  func refusesWhatIsNoText(_ bytes: [UInt8], _ expected: String) {
    #expect(problems(bytes) == [expected])
  }

  @Test func limitsDepth() {
    let limit = JSON5Document.depthLimit
    #expect(problems(String(repeating: "[", count: limit) + String(repeating: "]", count: limit)).isEmpty)
    let deep = problems(String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000))
    #expect(deep == ["\(limit): values are nested deeper than \(limit) levels; make the structure flatter"])
  }

  @Test func limitsSize() {
    let large = [UInt8](repeating: 0x20, count: JSON5Document.sizeLimit + 1)
    #expect(problems(large).first?.hasPrefix("0: the file has 8388609 bytes, more than the limit of 8388608") == true)
  }

  @Test func limitsProblems() {
    let document = JSON5Document(Array(String(repeating: "yes ", count: 100_000).utf8))
    #expect(document.problems.count == 2)
    let many = JSON5Document(Array(("[" + String(repeating: "yes,", count: 100_000) + "]").utf8))
    #expect(many.problems.count == 100)
    #expect(many.structureLost)
  }
}
