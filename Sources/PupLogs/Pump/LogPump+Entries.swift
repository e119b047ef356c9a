internal import PupSystem

extension LogPump {
  func writeMail() {
    let mail = mailbox.take()
    perform { () throws(Abandoned) in
      for (entry, time) in mail.entries { try write(entry, time) }
      guard mail.dropped > 0 else { return }
      try write(
        LogEntry(.warn, "lost", "lost \(mail.dropped) lines of the supervisor: they came faster than they could be written"),
        now.wall)
    }
  }

  /// What the sinks say about themselves; writing it can make a sink say something again, once.
  func writeNotes() throws(Abandoned) {
    for _ in 0..<4 {
      let notes = context.takeNotes()
      guard !notes.isEmpty else { return }
      for note in notes { try write(note, now.wall) }
      armRetry()
    }
  }

  func write(_ entry: LogEntry, _ time: LogTime) throws(Abandoned) {
    let origin = LineOrigin(process: entry.process, severity: entry.severity, category: entry.category)
    let destination = destinations[entry.process.lowercased()] ?? options.core
    var bytes = Array(entry.text.utf8)
    if bytes.last != LineFormat.lineFeed { bytes.append(LineFormat.lineFeed) }
    let moment = LogMoment(wall: time, boot: Clock.boot)
    var failure: Abandoned?
    let tally = tallies.tally(entry.process)
    bytes.withUnsafeBytes { buffer in
      let batch = LineBatch(origin: origin, bytes: buffer, stream: nil, endsOpen: false, moment: moment)
      do throws(Abandoned) {
        if let store = store(entry.process) { try append(batch, to: store, tally) }
        if let path = destination.file(isError: origin.isError) {
          let file = acquireFile(path)
          try append(batch, to: file, decorate: destination.decorateFiles, tally)
          file.users -= 1
        }
      } catch {
        failure = error
      }
      if destination.console, let console { console.append(batch, decorate: destination.decorate, context: context) }
      let lines = batch.lineCount
      tally.add(lines: lines, bytes: buffer.count)
      feed?.observe(batch, continued: false, lines: lines)
    }
    if let failure { throw failure }
  }
}
