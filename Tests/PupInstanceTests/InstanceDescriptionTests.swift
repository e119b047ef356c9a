import PupBasics
import PupSystem
import Testing

@testable import PupInstance

@Suite struct InstanceDescriptionTests {
  private let description = InstanceDescription(
    configurationPath: "pup.json", directory: "/srv/ä", isAdHoc: true, configuration: [0, 1, 255], dataDirectory: "/d",
    temporaryDirectory: "/t", runtimeDirectory: "/r")

  @Test func itComesBackAsItWas() throws {
    #expect(try InstanceDescription(decoding: description.encoded()) == description)
  }

  @Test func aShortenedOneIsRefused() {
    let bytes = description.encoded()
    for length in 0..<bytes.count {
      #expect(throws: FormatError.self) { try InstanceDescription(decoding: Array(bytes[0..<length])) }
    }
  }
}
