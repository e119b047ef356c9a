internal import PupAPI
internal import PupCore
internal import PupEvents
internal import PupLogs
internal import PupStore
internal import PupSystem
internal import PupWeb

/// What happens goes to whoever listens, and into the database. Belongs to the control loop.
final class EventFeed {
  /// May be used from any thread.
  let events: EventBus
  private let store: Store?
  /// The first of the events that found no room in the store; the next one that does tells of them.
  private var firstUnstored: Int64?

  init(_ events: EventBus, _ store: Store?) { (self.events, self.store) = (events, store) }

  /// Events that are told and not stored make the end unclean: the next supervisor then tells that they are lost.
  var isComplete: Bool { firstUnstored == nil }

  /// Numbered, kept in the replay window, and handed to every open stream.
  func publish(_ payload: EventPayload, of process: ProcessID? = nil) {
    let id = events.publish(payload)
    guard let store, !EventBus.isBulk(payload.name) else { return }
    let number = Int64(clamping: id.sequence)
    let event = StoredEvent(
      epoch: id.epoch, number: number, time: WallTime(microseconds: Clock.wallMicroseconds), type: payload.name.rawValue,
      process: process, payload: payload.jsonText, lostBefore: firstUnstored.map { number - $0 } ?? 0)
    if store.record(event) { firstUnstored = nil } else { firstUnstored = firstUnstored ?? number }
  }

  /// Hands new log lines to the streams. On the log loop.
  func follow(_ pump: LogPump) {
    let events = events
    pump.setObserver(
      { observation in
        events.publish(
          lines: observation.lines.map(LogItem.init(_:)), of: observation.process, dropped: observation.dropped)
      }, isWanted: { events.acceptsLines() })
  }
}

extension LogItem {
  init(_ line: LogLine) {
    self.init(
      severity: APILogSeverity(line.severity), category: line.category, text: String(decoding: line.text, as: UTF8.self),
      processId: line.process, timeStamp: line.time.microseconds / 1000, partial: line.isPartial, continued: line.isContinuation,
      length: line.wholeLength.map(Int64.init), event: line.event.map(EventName.init(rawValue:)))
  }
}

extension APILogSeverity {
  init(_ severity: LogSeverity) {
    self =
      switch severity {
      case .log: .log
      case .info: .info
      case .warn: .warn
      case .error: .error
      }
  }

  var logSeverity: LogSeverity {
    switch self {
    case .log: .log
    case .info: .info
    case .warn: .warn
    case .error: .error
    }
  }
}
