/// What a later brain must know of one process to carry on.
package struct ProcessRecord: Hashable, Sendable {
  package var id: ProcessID

  package init(id: ProcessID) { self.id = id }

  package func encoded() -> [UInt8] { Array(id.text.utf8) }

  package init?(decoding bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty else { return nil }
    id = ProcessID(text)
  }
}
