internal import PupAPI

/// A process as `pup status --json` prints it: what the interface shows, how the configuration file on disk has it now, and safe
/// mode, for which an array of processes has no other place.
struct StatusJSON: JSONEncodable {
  let process: ProcessInformation
  /// Nil where there is no file to compare.
  let drift: ConfigurationDrift?
  var safeMode: SafeMode?

  func write(to writer: inout JSONWriter) {
    guard drift != nil || safeMode != nil else { return writer.value(process) }
    // The interface's own members first, whatever they are.
    var bytes = process.jsonBytes
    bytes.removeLast()
    var added = JSONWriter()
    added.object {
      if let drift {
        $0.member("inFile", drift.word(for: process.id, cluster: process.cluster))
        $0.member("fileDiffers", drift.differs)
      }
      $0.member("safeMode", ifPresent: safeMode)
    }
    writer.encoded(bytes + [UInt8(ascii: ",")] + added.bytes.dropFirst())
  }
}
