package import PupAPI

/// A complete answer.
package struct CallContent: Sendable {
  package var status: Int
  package let type: String
  package let bytes: [UInt8]
  /// Headers that the operation declares.
  package var headers: [(name: String, value: String)] = []

  package init(status: Int = 200, type: String, bytes: [UInt8]) {
    self.status = status
    self.type = type
    self.bytes = bytes
  }

  /// A JSON body ends with a line break because it is often shown on a terminal.
  static func json(_ bytes: [UInt8], status: Int = 200) -> CallContent {
    CallContent(status: status, type: "application/json", bytes: bytes + [0x0A])
  }

  /// `{"data": …}`
  package static func data(_ value: some JSONEncodable, status: Int = 200) -> CallContent {
    var writer = JSONWriter()
    writer.object { $0.member("data", value) }
    return .json(writer.bytes, status: status)
  }
}
