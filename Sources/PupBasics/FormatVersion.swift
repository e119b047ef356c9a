/// The start of everything that is stored: the writer's version, and the lowest reader version that reads it correctly. A field
/// that a reader may skip raises only the first number.
package struct FormatVersion: Hashable, Sendable {
  package var written: UInt16
  package var needed: UInt16

  package init(written: UInt16, needed: UInt16) {
    self.written = written
    self.needed = needed
  }

  package func write(to writer: inout ByteWriter) {
    writer.put(written)
    writer.put(needed)
  }

  package init(from reader: inout ByteReader) throws(FormatError) {
    self.init(written: try reader.get(), needed: try reader.get())
    guard needed > 0, needed <= written else { throw .malformed }
  }
}
