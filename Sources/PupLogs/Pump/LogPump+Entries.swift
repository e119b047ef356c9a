internal import PupSystem

extension LogPump {
  func writeMail() {
    let mail = mailbox.take()
    perform { () throws(Abandoned) in
      for (entry, time) in mail.entries where !hold(entry, time) { try write(entry, time) }
      guard mail.dropped > 0 else { return }
      try write(
        LogEntry(
          .warn, "lost",
          "lost \(LineCount.words(UInt64(mail.dropped))) of the supervisor's own: they came faster than they could be written"),
        now.wall)
    }
  }

  /// What the sinks report about themselves; writing it can make a sink report something again, once.
  func writeNotes() throws(Abandoned) {
    for _ in 0..<4 {
      let notes = context.takeNotes()
      guard !notes.isEmpty else { return }
      for note in notes { try write(note, now.wall) }
      armRetry()
    }
  }

  func write(_ entry: LogEntry, _ time: LogTime) throws(Abandoned) {
    let origin = LineOrigin(entry)
    let destination = destinations[entry.process.lowercased()] ?? options.core
    let bytes = Self.lines(entry.text)
    // Without decoration, nothing else shows that it is not the program's.
    let plain = entry.process == LogEntry.core ? bytes : Self.lines(entry.text, prefix: "\(entry.process): ")
    let moment = LogMoment(wall: time, boot: Clock.boot)
    var failure: Abandoned?
    var isLost = false
    let tally = tallies.tally(entry.process)
    Self.withBatches(of: bytes, plain, origin, moment) { batch, plain in
      do throws(Abandoned) {
        if let store = store(entry.process) {
          let lost = store.lostInAll
          try append(batch, to: store, tally)
          isLost = store.lostInAll > lost
        }
        if let path = destination.file(isError: origin.isError) {
          let file = acquireFile(path)
          try append(destination.decorateFiles ? batch : plain, to: file, decorate: destination.decorateFiles, tally)
          file.users -= 1
        }
      } catch {
        failure = error
      }
      if destination.console, entry.isForConsole, let console {
        console.append(destination.decorate ? batch : plain, decorate: destination.decorate, context: context)
      }
      let lines = batch.lineCount
      tally.add(lines: lines, bytes: batch.bytes.count)
      feed?.observe(batch, continued: false, lines: lines)
    }
    if let failure { throw failure }
    if isLost, entry.process != LogEntry.core { try save(entry, plain, moment) }
  }

  /// If the log of a process cannot be written, the lines that explain what happens to it go to Pup's own log, which is already
  /// open.
  private func save(_ entry: LogEntry, _ plain: [UInt8], _ moment: LogMoment) throws(Abandoned) {
    guard let store = store(LogEntry.core) else { return }
    let tally = tallies.tally(LogEntry.core)
    let origin = LineOrigin(entry, process: LogEntry.core)
    var failure: Abandoned?
    Self.withBatches(of: plain, plain, origin, moment) { batch, _ in
      do throws(Abandoned) { try append(batch, to: store, tally) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private static func lines(_ text: String, prefix: String = "") -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    repeat {
      let line = rest.prefix { $0 != LineFormat.lineFeed }
      bytes += Array(prefix.utf8) + line + [LineFormat.lineFeed]
      rest = rest.dropFirst(line.count + 1)
    } while !rest.isEmpty
    return bytes
  }

  private static func withBatches(
    of bytes: [UInt8], _ plain: [UInt8], _ origin: LineOrigin, _ moment: LogMoment, _ body: (LineBatch, LineBatch) -> Void
  ) {
    bytes.withUnsafeBytes { bytes in
      plain.withUnsafeBytes { plain in
        body(
          LineBatch(origin: origin, bytes: bytes, stream: nil, endsOpen: false, moment: moment),
          LineBatch(origin: origin, bytes: plain, stream: nil, endsOpen: false, moment: moment))
      }
    }
  }
}
