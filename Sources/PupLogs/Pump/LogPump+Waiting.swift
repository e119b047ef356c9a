internal import PupSystem

extension LogPump {
  /// Waits for epoll: once for any byte, or for each write after the bytes that are already there.
  func wait(_ stream: PumpStream, for waiting: PumpStream.Waiting) {
    stream.waiting = waiting
    // Readable forever without any data: anything that still writes would have to open the pipe by its path.
    guard !stream.hungUp else { return }
    let events: Readiness = waiting == .more ? [.read, .edge] : [.read, .once]
    do throws(SystemError) {
      if let registration = stream.registration {
        try loop.modify(registration, events)
      } else {
        let key = stream.key
        stream.registration = try loop.register(stream.descriptor, events) { [weak self] readiness in
          self?.assumeIsolated { $0.ready(key, readiness) }
        }
      }
    } catch {
      // A regular file, say, which epoll does not accept. Polling it is slower, but works.
      wait(stream, until: Clock.boot + Self.partialAge / 2, for: .pause)
    }
  }

  /// Waits for the rest of a line, or until its beginning is taken alone.
  ///
  /// The edge alone cannot be trusted: a writer that fills the pipe and sleeps inside its `write` wakes nobody if the pipe held
  /// bytes before. So the pipe is also looked at after one pause, two, four … A look that finds nothing new costs one FIONREAD.
  func waitForMore(_ stream: PumpStream) {
    wait(stream, for: .more)
    let now = Clock.boot
    guard let partial = stream.partial else { return wait(stream, until: now + Self.partialAge, for: stream.waiting) }
    let due = min(partial.due, partial.since + max(pauseLength(stream), 2 * (now - partial.since)))
    wait(stream, until: due, for: stream.waiting)
  }

  /// Looks again after a pause.
  func pause(_ stream: PumpStream) { wait(stream, until: Clock.boot + pauseLength(stream), for: .pause) }

  /// A flood is looked at when it has filled part of the pipe: a full pipe would stop the child until the pause is over.
  private func pauseLength(_ stream: PumpStream) -> Int64 {
    // The rate of a flood that ended a while ago says nothing about what comes now.
    guard stream.isBusy, Clock.boot - stream.lastBatch < 5 * Self.pause else { return Self.pause }
    return min(max(stream.fillTime, Self.shortestPause), Self.pause)
  }

  func wait(_ stream: PumpStream, until time: Int64, for waiting: PumpStream.Waiting) {
    stream.waiting = waiting
    // Streams that are due at nearly the same time share a turn, and a request to the keeper.
    let isFlood = time - Clock.boot < Self.pause / 4
    let due = isFlood ? time : (time / Self.pause + 1) * Self.pause
    stream.due = due
    timed[stream.key] = stream
    armTick(at: due)
  }

  func stopWaiting(_ stream: PumpStream) {
    stream.due = nil
    timed[stream.key] = nil
    // Edge-triggered, it would report every write, and a hang-up is reported forever, so it is removed.
    if stream.waiting == .more || stream.hungUp || stream.treeEnded, let registration = stream.registration {
      loop.deregister(registration)
      stream.registration = nil
    }
    stream.waiting = .nothing
  }

  private func ready(_ key: UInt64, _ readiness: Readiness) {
    guard !isAbandoned, let stream = streams[key] else { return }
    if readiness.contains(.hangUp) { stream.hungUp = true }
    // The end of a socket's stream is readable forever, too.
    if stream.direct != nil, stream.available == 0 { stream.hungUp = true }
    switch stream.waiting {
    case .data: perform { () throws(Abandoned) in try look(stream) }
    case .more:
      // The first edge comes at once, for the bytes that are there already.
      guard let partial = stream.partial, partial.length != stream.available + (stream.direct?.count ?? 0) || stream.hungUp else {
        return
      }
      stopWaiting(stream)
      pause(stream)
    case .nothing, .pause, .answer: break
    }
  }

  // MARK: - The common clock of the pauses

  private func armTick(at time: Int64?) {
    guard let time else { return }
    if let tick, tick.at <= time { return }
    if let tick { loop.cancel(tick.timer) }
    let timer = loop.schedule(at: time) { [weak self] in
      self?.assumeIsolated { $0.runTick() }
    }
    tick = (timer, time)
  }

  private func runTick() {
    tick = nil
    guard !isAbandoned else { return }
    let time = Clock.boot
    let due = timed.values.filter { ($0.due ?? .max) <= time }
    for stream in due {
      stream.due = nil
      timed[stream.key] = nil
      perform { () throws(Abandoned) in try look(stream) }
    }
    armTick(at: timed.values.lazy.compactMap(\.due).min())
  }
}
