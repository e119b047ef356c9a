import PupAPI
import Testing

@testable import PupCommandLine

@Suite struct TableTests {
  private func table() -> Table {
    var table = Table([Table.Column(title: "NAME"), Table.Column(title: "N", isNumber: true), Table.Column(title: "WHY")])
    table.add([Table.Cell("a"), Table.Cell("100", colour: 31), Table.Cell("because of that")])
    table.add([Table.Cell("longer"), Table.Cell("7"), Table.Cell(nil)])
    return table
  }

  @Test func columnsAreLinedUp() {
    #expect(
      table().rendered(width: nil, colours: false).text == """
        NAME      N  WHY
        a       100  because of that
        longer    7  -

        """)
  }

  @Test(arguments: 1...40) func nothingIsWiderThanTheTerminal(_ width: Int) {
    for line in table().rendered(width: width, colours: false).text.split(separator: "\n") { #expect(line.count <= width) }
  }

  private func status() -> Table {
    var table = Table(["NAME", "NEXT", "BLOCKED", "WHY"].map { Table.Column(title: $0) })
    table.add([Table.Cell("a"), Table.Cell(nil), Table.Cell(nil), Table.Cell("because of that")])
    table.add([Table.Cell("longer"), Table.Cell(nil), Table.Cell("yes"), Table.Cell(nil)])
    return table
  }

  @Test func columnsThatSayNothingGoFirst() {
    #expect(status().rendered(width: nil, colours: false).text.contains("NEXT"), "programs find every column")
    #expect(status().rendered(width: 38, colours: false).text.contains("NEXT"), "there is room")
    #expect(
      status().rendered(width: 34, colours: false).text == """
        NAME    BLOCKED  WHY
        a       -        because of that
        longer  yes      -

        """)
  }

  @Test func whatHasNoRoomStandsBelow() {
    #expect(
      status().rendered(width: 24, colours: false).text == """
        NAME    BLOCKED
        a       -
            because of that
        longer  yes

        """)
  }

  @Test func coloursTakeNoRoom() {
    let plain = table().rendered(width: 20, colours: false).text
    var coloured = table().rendered(width: 20, colours: true).text
    #expect(coloured.contains("\u{1B}[31m100\u{1B}[0m"))
    for code in ["[31m", "[1m", "[0m"] {
      coloured = coloured.split(separator: "\u{1B}" + code, omittingEmptySubsequences: false).joined()
    }
    #expect(coloured.split(separator: "\n").map(\.count) == plain.split(separator: "\n").map(\.count))
  }
}

@Suite struct MeasuresTests {
  @Test func amountsAreWords() {
    #expect(
      [0, 59, 60, 61, 3600, 11_100, 86_400, 187_200].map { Measures.duration(seconds: $0) }
        == ["0s", "59s", "1m", "1m1s", "1h", "3h5m", "1d", "2d4h"])
    #expect(
      [0, 999, 1024, 12_345_678, 5 << 30, 2000 << 30].map { Measures.bytes($0) } == [
        "0B", "999B", "1.0K", "11.8M", "5.0G", "2000G",
      ])
    #expect([0, 0.04, 0.05, 99.95, 100, 250.4].map { Measures.percent($0) } == ["0.0%", "0.0%", "0.1%", "100%", "100%", "250%"])
    #expect(Measures.decimal(.nan) == "?")
  }

  @Test func momentsAreToldFromNow() {
    let now = ISODate(milliseconds: 1_000_000)
    #expect(Measures.relative(ISODate(milliseconds: 1_000_400), to: now) == "in 0.4s")
    #expect(Measures.relative(ISODate(milliseconds: 999_600), to: now) == "now")
    #expect(Measures.relative(ISODate(milliseconds: 1_300_000), to: now) == "in 5m")
    #expect(Measures.relative(ISODate(milliseconds: 940_000), to: now) == "1m ago")
  }

  @Test func spansAreToldInTheUnitThatFits() {
    #expect([0, 250, 1000, 1001, 30_000].map { Measures.duration(milliseconds: $0) } == ["0ms", "250ms", "1s", "2s", "30s"])
  }

  @Test func controlsDoNotReachTheTerminal() {
    #expect("a\u{1B}[31mb\u{9B}c\td\ne".visibleLine == "a^[[31mb\\u{9b}c d^Je")
    #expect("schön ✓".visibleLine == "schön ✓")
  }
}

@Suite struct WrappingTests {
  @Test func paragraphsKeepApart() {
    #expect("one two three\nfour five\n\nsix".wrapped(to: 9) == "one two\nthree\nfour five\n\nsix")
    #expect("averylongword x".wrapped(to: 5) == "averylongword\nx")
    #expect("".wrapped(to: 5) == "")
  }
}
