internal import PupSystem

/// A line of Pup's own that waits until the output before it is written.
struct HeldEntry {
  let entry: LogEntry
  let time: LogTime
  /// How far each stream of its process has to be shown; nil until the keeper has said how much it has taken.
  var awaited: [UInt64: UInt64?]
  /// CLOCK_BOOTTIME: when it stops waiting.
  let due: Int64
}

/// The end of a run is reported after the last output of the program, which is still in a pipe when the end is known.
extension LogPump {
  /// No more are held: they come faster than programs can end.
  private static let mostHeld = 4096

  /// Whether the line has to wait. Later lines about the same process wait as well, so that they stay in order.
  func hold(_ entry: LogEntry, _ time: LogTime) -> Bool {
    let isBehind = held.contains { $0.entry.process == entry.process }
    guard entry.followsOutput || isBehind, held.count < Self.mostHeld else { return false }
    let awaited = entry.followsOutput ? output(of: entry.process) : [:]
    guard !awaited.isEmpty || isBehind else { return false }
    held.append(HeldEntry(entry: entry, time: time, awaited: awaited, due: Clock.boot + options.longestHold))
    if heldTimer == nil { armHeldTimer() }
    return true
  }

  /// Where each stream of the process ends for now, without streams that have nothing to show. A stream that is pausing is
  /// examined soon.
  private func output(of process: String) -> [UInt64: UInt64?] {
    var ends: [UInt64: UInt64?] = [:]
    for stream in streams.values where stream.process == process {
      if case .answer = stream.waiting {
        // The keeper may or may not have taken the requested bytes yet, so it is unknown how many follow them.
        ends[stream.key] = .some(nil)
      } else if let end = end(of: stream) {
        ends[stream.key] = end
      }
    }
    return ends
  }

  /// Where it ends for now; nil if all of it is shown.
  private func end(of stream: PumpStream) -> UInt64? {
    let end = stream.consumed + UInt64(stream.available)
    guard end > stream.shown else { return nil }
    lookAhead(stream)
    return end
  }

  private func lookAhead(_ stream: PumpStream) {
    let key = stream.key
    onLoop { pump in
      guard let stream = pump.streams[key] else { return }
      switch stream.waiting {
      case .nothing, .data, .pause: pump.perform { () throws(Abandoned) in try pump.look(stream) }
      // The rest of a line, or the keeper's answer, is still to come.
      case .more, .answer: break
      }
    }
  }

  /// - Parameter waiting: false writes all of them now.
  func writeHeld(waiting: Bool = true) throws(Abandoned) {
    let boot = Clock.boot
    // The last output of one process delays no other's lines.
    var blocked: Set<String> = []
    var index = 0
    while index < held.count {
      guard !blocked.contains(held[index].entry.process), !waiting || held[index].due <= boot || isShown(&held[index].awaited)
      else {
        blocked.insert(held[index].entry.process)
        index += 1
        continue
      }
      let next = held.remove(at: index)
      // Lines of a log are ordered by time.
      try write(next.entry, max(next.time, now.wall))
    }
    guard held.isEmpty, let timer = heldTimer else { return }
    loop.cancel(timer)
    heldTimer = nil
  }

  private func isShown(_ awaited: inout [UInt64: UInt64?]) -> Bool {
    for (key, known) in awaited {
      guard let stream = streams[key] else {
        awaited[key] = nil
        continue
      }
      if let known {
        guard stream.shown >= known else { return false }
        awaited[key] = nil
      } else {
        if case .answer = stream.waiting { return false }
        guard let end = end(of: stream) else {
          awaited[key] = nil
          continue
        }
        awaited[key] = .some(end)
        return false
      }
    }
    return true
  }

  private func armHeldTimer() {
    guard let first = held.first else { return }
    heldTimer = loop.schedule(at: first.due) { [weak self] in
      self?.assumeIsolated { pump in
        pump.heldTimer = nil
        pump.perform { () throws(Abandoned) in try pump.writeHeld() }
        pump.armHeldTimer()
      }
    }
  }
}
