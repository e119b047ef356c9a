extension LogPump {
  /// At most this many logs are named with what they lost; one line covers the rest.
  private static let mostFarewells = 16

  private struct Untold {
    let log: String
    let lines: UInt64
    let reason: String?
  }

  /// The last call: calls back on the loop when everything passed in before is written. A log that still cannot be written is
  /// tried once more; then its losses are reported in the supervisor's own log, and on the console whether or not it shows Pup's
  /// lines.
  package nonisolated func finish(then done: @escaping @Sendable () -> Void) {
    onLoop { pump in
      pump.writeMail()
      pump.perform { () throws(Abandoned) in try pump.writeHeld(waiting: false) }
      pump.tellUntold()
      done()
    }
  }

  private func tellUntold() {
    perform { () throws(Abandoned) in
      for sink in stores.values where sink.lost > 0 { try sink.retry(now, isLast: true) }
      for sink in files.values where sink.lost > 0 { try sink.retry(now, isLast: true) }
    }
    let coreStore = store(LogEntry.core)
    var untold = stores.values.filter { $0.lost > 0 }.map {
      Untold(log: "the log of \($0.folder.process)", lines: $0.lost, reason: $0.failure.reason)
    }
    untold += files.values.filter { $0.lost > 0 }.map { Untold(log: $0.path, lines: $0.lost, reason: $0.failure.reason) }
    untold.sort { ($0.lines, $1.log) > ($1.lines, $0.log) }
    let isCoreBroken = coreStore.map { $0.lost > 0 } ?? true
    for log in untold.prefix(Self.mostFarewells) {
      let reason = log.reason.map { ": \($0)" } ?? ""
      tell("lost \(LineCount.words(log.lines)) of \(log.log), which could not be written at the end\(reason)", isCoreBroken)
    }
    let others = untold.dropFirst(Self.mostFarewells)
    guard !others.isEmpty else { return }
    tell(
      "lost \(LineCount.words(others.reduce(0) { $0 + $1.lines })) of \(others.count) other log\(others.count == 1 ? "" : "s") in the same way",
      isCoreBroken)
  }

  private func tell(_ text: String, _ isCoreBroken: Bool) {
    let entry = LogEntry(.error, "lost", text)
    if !isCoreBroken || options.core.stdoutFile != nil || options.core.console {
      perform { () throws(Abandoned) in try write(entry, now.wall) }
    }
    guard !options.core.console, let console else { return }
    let origin = LineOrigin(entry)
    Array((text + "\n").utf8).withUnsafeBytes { buffer in
      let batch = LineBatch(origin: origin, bytes: buffer, stream: nil, endsOpen: false, moment: now)
      console.append(batch, decorate: options.core.decorate, context: context)
    }
  }
}
