internal import PupAPI
internal import Synchronization

/// The events that one reader has not read yet: bounded; events that do not fit are counted and reported in their place.
final class EventQueue: Sendable {
  private enum Entry {
    case event(PupEvent)
    case overflow(UInt64)
  }

  private struct State {
    var entries: [Entry] = []
    var head = 0
    var waiting: CheckedContinuation<PupEvent?, Never>?
    var isFinished = false
  }

  let types: Set<EventName>?
  private let capacity: Int
  private let state = Mutex(State())

  init(types: Set<EventName>?, capacity: Int) {
    self.types = types
    self.capacity = max(capacity, 1)
  }

  /// Whether the reader asked for it. Losses and connections are delivered to every reader.
  private func wants(_ event: PupEvent) -> Bool {
    switch event {
    case .event(let payload, _): (types ?? EventStream.ordinary).contains(payload.name)
    case .other(let name, _, _): types?.contains(EventName(rawValue: name)) ?? true
    case .lost, .connected, .disconnected: true
    }
  }

  func add(_ event: PupEvent) {
    guard wants(event) else { return }
    let waiting = state.withLock { state -> CheckedContinuation<PupEvent?, Never>? in
      if state.isFinished { return nil }
      if let waiting = state.waiting {
        state.waiting = nil
        return waiting
      }
      if state.entries.count - state.head < capacity {
        state.entries.append(.event(event))
      } else if case .overflow(let count) = state.entries.last {
        state.entries[state.entries.count - 1] = .overflow(count + 1)
      } else {
        state.entries.append(.overflow(1))
      }
      return nil
    }
    waiting?.resume(returning: event)
  }

  /// Events already in the queue can still be read.
  func finish() {
    let waiting = state.withLock { state in
      state.isFinished = true
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: nil)
  }

  /// Nil at the end, and if the task is cancelled. For one reader at a time; a second one gets nil.
  func next() async -> PupEvent? {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (isReady, event) = state.withLock { state -> (Bool, PupEvent?) in
          if let event = Self.take(&state) { return (true, event) }
          if state.isFinished || state.waiting != nil { return (true, nil) }
          state.waiting = continuation
          return (false, nil)
        }
        if isReady { continuation.resume(returning: event) }
      }
    } onCancel: {
      finish()
    }
  }

  private static func take(_ state: inout State) -> PupEvent? {
    guard state.head < state.entries.count else { return nil }
    let entry = state.entries[state.head]
    state.head += 1
    if state.head == state.entries.count {
      state.entries.removeAll(keepingCapacity: true)
      state.head = 0
    } else if state.head >= 1024 {
      state.entries.removeFirst(state.head)
      state.head = 0
    }
    switch entry {
    case .event(let event): return event
    case .overflow(let count): return .lost(LostEvents(from: nil, to: nil, count: count, reason: .slowReader))
    }
  }
}
