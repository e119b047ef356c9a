internal import Glibc
internal import PupSystem

/// What all sinks of a pump share. Belongs to the pump's thread.
final class SinkContext {
  /// A sink formats and writes at most this many bytes at a time; there is room for one more line.
  static let chunkBytes = 384 << 10

  let streams: StreamLedger
  let ledger: SinkLedger
  let probe: CommitProbe?
  private let foldersAbove: [String]
  var buffer = ByteBuffer(capacity: chunkBytes + 2 * LineFormat.maximumLine)
  var prefix = ByteBuffer(capacity: 512)
  var prefixes = PrefixTable()
  /// What the sinks report about themselves; the pump writes it between two batches.
  private(set) var notes: [LogEntry] = []

  init(streams: StreamLedger, ledger: SinkLedger, probe: CommitProbe?, foldersAbove: [String] = []) {
    self.streams = streams
    self.ledger = ledger
    self.probe = probe
    self.foldersAbove = foldersAbove
  }

  /// Creates the folder of all logs and, if they were removed, Pup's own folders above it, so that no line has to wait until they
  /// are re-created by other means.
  func makeDirectory(_ path: String) throws(SystemError) {
    do throws(SystemError) {
      try LogFile.makeDirectory(path)
    } catch  where error.errno == ENOENT && !foldersAbove.isEmpty {
      for folder in foldersAbove { mkdir(folder, 0o700) }
      try LogFile.makeDirectory(path)
    }
  }

  /// Whole lines with their prefixes, into the buffer.
  func appendLines(_ text: UnsafePointer<UInt8>, _ length: Int, _ time: LogTime, _ origin: LineOrigin) -> (taken: Int, lines: Int)
  {
    var (taken, lines) = (0, 0)
    while true {
      let part = buffer.appendLines(
        text + taken, length - taken, prefixes, detects: origin.detects, severity: origin.severity, limit: Self.chunkBytes)
      taken += part.taken
      lines += part.lines
      guard let missing = part.missing else { return (taken, lines) }
      prefixes.make(missing, time, origin)
    }
  }

  func appendPrefix(_ severity: LogSeverity, _ time: LogTime, _ origin: LineOrigin) {
    if prefixes.width(severity) == 0 { prefixes.make(severity, time, origin) }
    buffer.append(prefixes.prefix(severity), prefixes.width(severity))
  }

  func committer(_ kind: SinkKind, _ name: String) -> Committer {
    let entry = ledger.claim(kind, name)
    if entry == nil {
      note(LogEntry(.warn, "logger", "\(name): no room for its commit record; a crash may repeat its last lines"))
    }
    return Committer(kind, entry: entry, streams: streams, probe: probe)
  }

  func note(_ entry: LogEntry) {
    // More than a few at once would only repeat the same thing for many sinks.
    if notes.count < 256 { notes.append(entry) }
  }

  func takeNotes() -> [LogEntry] {
    defer { notes.removeAll() }
    return notes
  }
}
