internal import PupAPI
internal import Synchronization

// Runs on the engine's thread.
extension EventStream {
  /// Returning false ends the connection.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    arrived()
    var frames: [SSEFrame] = []
    do throws(SSEParser.TooLong) {
      try reading.withLock { reading throws(SSEParser.TooLong) in try reading.parser.feed(bytes) { frames.append($0) } }
    } catch {
      reading.withLock { reading in
        reading.problem = PupError(.unexpectedAnswer, "\(endpoint) sent an event that is too long; it is skipped")
      }
      return false
    }
    return frames.allSatisfy(took)
  }

  private func arrived() {
    let isNew = state.withLock { state in
      defer { (state.isConnected, state.toldProblem) = (true, nil) }
      state.reconnection.worked()
      return !state.isConnected
    }
    if isNew { tell(.connected) }
  }

  /// Returning false ends the connection.
  private func took(_ frame: SSEFrame) -> Bool {
    switch frame.event {
    case "stream":
      let id = (try? JSONValue(parsing: frame.data))?["id"]?.stringValue
      state.withLock { $0.streamID = id }
      // The token may have changed while the connection was being made.
      prolongIfOutdated()
      // The start of the stream: a client that is disconnected before its first event resumes from here.
      note(EventID(frame.id), isLoss: false)
      return true
    case "expired":
      reading.withLock { $0.problem = PupError(.unauthorized, "the token has expired: give the client a fresh one") }
      return false
    case "closed":
      // The server announces that it ends the stream; without this, the end would be a failure.
      reading.withLock { $0.problem = PupRestClient.streamClosed }
      return take(frame, nil)
    case "lost":
      let data = try? JSONValue(parsing: frame.data)
      func number(_ name: String) -> UInt64? { data?[name]?.integerValue.flatMap { UInt64(exactly: $0) } }
      note(EventID(frame.id), isLoss: true)
      tell(.lost(LostEvents(from: number("from"), to: number("to"), count: number("count"), reason: .server)))
      return true
    default:
      let id = frame.id.isEmpty ? nil : EventID(frame.id)
      return take(frame, id)
    }
  }

  private func take(_ frame: SSEFrame, _ id: EventID?) -> Bool {
    let name = EventName(rawValue: frame.event)
    let isLive = name.isLiveOnly
    if !isLive, let id {
      // Even if the server goes back a little, no reader may see an event twice.
      guard let isContinuous = note(id, isLoss: false) else { return true }
      if !isContinuous { tell(.lost(LostEvents(from: nil, to: nil, count: nil, reason: .server))) }
    }
    let data: JSONValue
    do throws(JSONProblem) {
      data = frame.data.isEmpty ? .null : try JSONValue(parsing: frame.data, limits: JSONLimits(bytes: 16 << 20))
    } catch {
      return unreadable(frame, "\(error)")
    }
    do throws(PupError) {
      if let payload = try EventPayload(name, reading: data) {
        tell(.event(payload, id: isLive ? nil : id))
      } else {
        tell(.other(name: frame.event, data: data, id: id))
      }
    } catch {
      return unreadable(frame, error.message)
    }
    return true
  }

  /// An event that cannot be decoded counts as lost; the stream continues.
  private func unreadable(_ frame: SSEFrame, _ reason: String) -> Bool {
    let number = EventID(frame.id)?.number
    tell(.lost(LostEvents(from: number, to: number, count: 1, reason: .unreadable(reason))))
    return true
  }

  /// - Returns: nil for a number that was already seen; otherwise whether it may directly follow the last one.
  @discardableResult
  private func note(_ id: EventID?, isLoss: Bool) -> Bool? {
    reading.withLock { reading in
      if isLoss { reading.hasToldLoss = true }
      guard let id else { return true }
      let last = reading.last
      if let last, last.epoch == id.epoch, id.number <= last.number { return nil }
      reading.last = id
      guard let last, last.epoch != id.epoch else { return true }
      defer { reading.hasToldLoss = isLoss }
      return reading.hasToldLoss
    }
  }
}
