import PupBasics
import Testing

/// Names of folders, checksums of files and colours are made of it: none may ever change.
@Suite struct StableHashTests {
  @Test(arguments: [("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8)])
  func theValuesAreThoseOfTheReference(text: String, value: UInt64) {
    #expect(StableHash.value(of: text) == value)
  }

  @Test func inPartsItIsTheSameAsInOne() {
    var hash = StableHash()
    hash.add("foo".utf8)
    hash.add([UInt8]("bar".utf8))
    #expect(hash.value == StableHash.value(of: "foobar"))
  }

  @Test func digitsAreAlwaysSixteen() {
    #expect(StableHash.digits(of: "a") == "af63dc4c8601ec8c")
    let short = (0..<200).map { StableHash.digits(of: "\($0)") }
    #expect(short.allSatisfy { $0.utf8.count == 16 })
    #expect(short.contains { $0.hasPrefix("0") })
  }

  @Test func anotherStartGivesAnotherSum() {
    var hash = StableHash(from: StableHash.basis ^ 1)
    hash.add("foobar".utf8)
    #expect(hash.value != StableHash.value(of: "foobar"))
  }
}
