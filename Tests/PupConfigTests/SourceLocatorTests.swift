import PupConfig
import Testing

@Suite struct SourceLocatorTests {
  @Test(arguments: [
    ("abc", 2, 1, 3), ("a\nb", 2, 2, 1), ("a\r\nb", 3, 2, 1), ("a\rb", 2, 2, 1), ("å😀x", 6, 1, 3), ("👨‍👩‍👧x", 18, 1, 2),
    ("\u{FEFF}ab", 4, 1, 2),
    ("", 0, 1, 1), ("a\n", 99, 2, 1),
  ])
  func countsCharacters(_ text: String, _ offset: Int, _ line: Int, _ column: Int) {
    var locator = SourceLocator(Array(text.utf8))
    #expect(locator.locate(offset) == (line, column))
  }

  @Test func goesOnFromThePlaceBefore() {
    var locator = SourceLocator(Array("ab\ncdéf\ng".utf8))
    #expect(locator.locate(1) == (1, 2))
    #expect(locator.locate(4) == (2, 2))
    #expect(locator.locate(7) == (2, 4))
    #expect(locator.locate(9) == (3, 1))
  }
}
