internal import Synchronization

/// What other threads passed to the store's thread, in order and bounded.
final class StoreMailbox: Sendable {
  struct PendingWrite: Sendable {
    var write: Write
    var then: [@Sendable (StoreOutcome) -> Void]
  }

  enum Item: Sendable {
    case write(PendingWrite)
    /// Run on the store's thread after everything before it has been written; the error says why there is no database.
    case read(@Sendable (StoreWorker) -> Void)
  }

  enum Acceptance {
    /// The thread has to be woken.
    case first
    case accepted
    case refused(StoreError)
  }

  private struct State {
    var items: [Item] = []
    /// Items that were passed in and are not finished.
    var droppable = 0
    var important = 0
    var isClosed = false
    var counters = StoreCounters()
  }

  private static let mostListeners = 256

  private let limits: StoreLimits
  private let state = Mutex(State())

  init(limits: StoreLimits) { self.limits = limits }

  func append(_ item: Item) -> Acceptance {
    state.withLock { state in
      if state.isClosed { return .refused(.closed) }
      // The newest decisions include all that older ones said.
      if case .write(let new) = item, case .desired = new.write, case .write(let old) = state.items.last,
        case .desired = old.write, old.then.count < Self.mostListeners
      {
        state.items[state.items.count - 1] = .write(PendingWrite(write: new.write, then: old.then + new.then))
        return .accepted
      }
      if item.isDroppable {
        guard state.droppable < limits.waiting else {
          state.counters.dropped += 1
          return .refused(.overloaded)
        }
        state.droppable += 1
      } else {
        guard state.important < limits.waitingImportant else { return .refused(.overloaded) }
        state.important += 1
      }
      state.items.append(item)
      return state.items.count == 1 ? .first : .accepted
    }
  }

  func take() -> [Item] {
    state.withLock { state in
      let items = state.items
      state.items = []
      return items
    }
  }

  func finished(_ item: Item) {
    state.withLock { if item.isDroppable { $0.droppable -= 1 } else { $0.important -= 1 } }
  }

  /// Something that must not be dropped has been passed in and is not finished, or everything is now refused.
  var hasImportant: Bool { state.withLock { $0.important > 0 || $0.isClosed } }

  func close() { state.withLock { $0.isClosed = true } }

  func count(_ change: (inout StoreCounters) -> Void) { state.withLock { change(&$0.counters) } }

  var counters: StoreCounters {
    state.withLock { state in
      var counters = state.counters
      counters.waiting = state.droppable + state.important
      return counters
    }
  }
}

extension StoreMailbox.Item {
  var isDroppable: Bool {
    if case .write(let pending) = self { pending.write.isDroppable } else { false }
  }
}
