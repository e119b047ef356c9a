import Testing

@testable import PupCommandLine

@Suite struct LogPatternTests {
  @Test(arguments: [
    ("time(out|d)", "request timeout", true), ("^GET /a.b$", "GET /axb", true), ("^b", "ab", false), ("[0-9]{3}", "a 404", true),
    ("^.$", "ä", true), ("[äö]x", "öx", true), ("^a.*c$", "a\u{1}c", true), ("c$", "a\u{0}c", true), ("", "anything", true),
    ("x", "", false),
    ("^$", "", true),
    ("Error", "error", false),
  ])
  func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
    #expect(try LogPattern(pattern, ignoresCase: false).matches(Array(text.utf8)) == expected)
  }

  @Test func caseMayBeIgnored() throws { #expect(try LogPattern("ERROR", ignoresCase: true).matches(Array("an error".utf8))) }

  @Test func bytesThatAreNoTextDoNoHarm() throws {
    #expect(try LogPattern("end$", ignoresCase: false).matches([0xFF, 0xC2] + Array("end".utf8)))
  }

  @Test(arguments: ["a(", "[a", "*(", "a{2,1}", "\\"])
  func aWrongPatternSaysWhatIsWrong(_ pattern: String) {
    do {
      _ = try LogPattern(pattern, ignoresCase: false)
      Issue.record("\(pattern) was taken")
    } catch {
      #expect(error.message.hasPrefix("--grep '\(pattern)': ") && error.message.contains("POSIX"))
    }
  }
}
