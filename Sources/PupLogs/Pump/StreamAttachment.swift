package import PupSystem

/// One output stream of one run, as the pump takes it over.
package struct StreamAttachment: Sendable {
  /// The stream's row in the `StreamLedger`.
  package var row: Int
  /// The stream's key (`EntryKey.stream`): rows are reused by other streams.
  package var key: UInt64
  /// The read end of the stream's pipe.
  package var descriptor: Descriptor
  package var process: String
  package var which: OutputStream
  /// How many bytes the keeper has taken out of the pipe so far.
  package var consumed: UInt64
  package var destination: LogDestination

  package init(
    row: Int, key: UInt64, descriptor: Descriptor, process: String, which: OutputStream, consumed: UInt64,
    destination: LogDestination
  ) {
    self.row = row
    self.key = key
    self.descriptor = descriptor
    self.process = process
    self.which = which
    self.consumed = consumed
    self.destination = destination
  }
}
