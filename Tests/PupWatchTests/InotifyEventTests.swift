import Testing

@testable import PupWatch

@Suite struct InotifyEventTests {
  private func record(watch: Int32, mask: UInt32, name: String, padding: Int) -> [UInt8] {
    let padded = Array(name.utf8) + [UInt8](repeating: 0, count: padding)
    var bytes: [UInt8] = []
    for word in [UInt32(bitPattern: watch), mask, 7, UInt32(padded.count)] { withUnsafeBytes(of: word) { bytes += $0 } }
    return bytes + padded
  }

  @Test func recordsOfEveryLength() {
    let bytes =
      record(watch: 1, mask: 0x100, name: "", padding: 0) + record(watch: 2, mask: 0x4000_0100, name: "a.ts", padding: 12)
      + record(watch: -1, mask: 0x4000, name: "", padding: 0)
    let events = bytes.withUnsafeBytes(InotifyEvent.parse)
    #expect(
      events == [
        InotifyEvent(watch: 1, mask: .create, name: []),
        InotifyEvent(watch: 2, mask: [.create, .isDirectory], name: Array("a.ts".utf8)),
        InotifyEvent(watch: -1, mask: .queueOverflow, name: []),
      ])
  }

  @Test func aRecordThatIsNotWholeIsLeftOut() {
    let bytes = record(watch: 1, mask: 8, name: "a", padding: 15)
    for length in 0..<bytes.count {
      #expect(bytes[..<length].withUnsafeBytes(InotifyEvent.parse).isEmpty)
    }
  }

  @Test func aLengthBeyondTheBufferIsNotFollowed() {
    var bytes = record(watch: 1, mask: 8, name: "a", padding: 15)
    for index in 12..<16 { bytes[index] = 0xFF }
    #expect(bytes.withUnsafeBytes(InotifyEvent.parse).isEmpty)
  }
}
