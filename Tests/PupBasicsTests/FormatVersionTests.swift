import PupBasics
import Testing

/// Three releases, one after the other.
@Suite struct FormatVersionTests {
  private func releases(oldest: UInt16?) -> [Format] {
    (1...3).map { Format("table", version: $0, needed: 1, oldest: oldest) }
  }

  @Test func whatEachWritesAnewIsReadByTheOnesBeforeAndAfterOnly() {
    let formats = releases(oldest: nil)
    for (reader, format) in formats.enumerated() {
      for (writer, other) in formats.enumerated() {
        // An older reader reads what needs no newer one.
        #expect(format.reads(other.current) == (reader - writer <= 1), "\(reader) reads \(writer)")
      }
    }
  }

  @Test func whatStaysAsItWasWrittenIsReadByAllThatFollow() {
    let formats = releases(oldest: 1)
    for format in formats { for other in formats { #expect(format.reads(other.current)) } }
    #expect(formats.map(\.versions) == [1...1, 1...2, 1...3])
  }

  @Test func whatMustNotBeGuessedIsRefusedAllTheSame() {
    let formats = releases(oldest: 1)
    #expect(!formats[0].reads(FormatVersion(written: 2, needed: 2)))
    #expect(!Format("table", version: 3, needed: 1, oldest: 2).reads(FormatVersion(written: 1, needed: 1)))
    #expect(Format("table", version: 1, needed: 1, oldest: 4).versions == 1...1)
  }
}
