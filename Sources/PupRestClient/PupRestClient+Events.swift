public import PupAPI

extension PupRestClient {
  /// The error in `disconnected` when the server ended the stream properly, because Pup stops or another supervisor takes over.
  package static let streamClosed = PupError(.unavailable, "Pup has closed the event stream")

  /// Events as they arrive, from now on, until the task is cancelled or the client is closed.
  /// After a disconnect, the sequence resumes where it left off; events that are no longer available are reported by `lost`.
  /// - Parameter types: nil for all except `applicationState`, which must be named explicitly.
  public func events(_ types: Set<EventName>? = nil) -> PupEvents { PupEvents(stream, types) }

  /// Calls `handler` for each event of one kind, sequentially.
  @discardableResult
  public func on<Payload>(
    _ key: EventKey<Payload>, _ handler: @escaping @Sendable (Payload) async -> Void
  ) -> EventSubscription {
    subscribe([key.name]) { event in
      if case .event(let payload, _) = event, let value = key.extract(payload) { await handler(value) }
    }
  }

  /// Calls `handler` whenever events were missed.
  @discardableResult
  public func onLost(_ handler: @escaping @Sendable (LostEvents) async -> Void) -> EventSubscription {
    subscribe([]) { event in if case .lost(let lost) = event { await handler(lost) } }
  }

  /// Ends a subscription; a call in progress is allowed to finish.
  public func off(_ subscription: EventSubscription) { stream.unsubscribe(subscription.number) }

  private func subscribe(_ types: Set<EventName>, _ handler: @escaping @Sendable (PupEvent) async -> Void) -> EventSubscription {
    let (number, queue) = stream.subscribe(types)
    Task { while let event = await queue.next() { await handler(event) } }
    return EventSubscription(number: number)
  }
}

/// Returned by `on` and accepted by `off`.
public struct EventSubscription: Hashable, Sendable {
  /// A subscription to nothing; ending it is harmless.
  static let none = EventSubscription(number: 0)

  let number: UInt64
}

/// The events of a client's stream. Each sequence is for one reader; call `events()` again for another one.
public struct PupEvents: AsyncSequence, Sendable {
  /// An element of the stream.
  public typealias Element = PupEvent
  /// The stream never fails: it reports problems, reconnects and continues.
  public typealias Failure = Never

  /// Ends the subscription when there are no readers left.
  fileprivate final class Subscription: Sendable {
    let stream: EventStream
    let number: UInt64
    let queue: EventQueue

    init(_ stream: EventStream, _ types: Set<EventName>?) {
      self.stream = stream
      (number, queue) = stream.subscribe(types)
    }

    deinit { stream.unsubscribe(number) }
  }

  /// Reads the sequence; for one reader.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let subscription: Subscription

    /// Waits for the next event; nil when the task is cancelled or the client is closed.
    public mutating func next() async -> PupEvent? { await subscription.queue.next() }
    /// Waits for the next event; nil when the task is cancelled or the client is closed.
    public mutating func next(isolation actor: isolated (any Actor)?) async -> PupEvent? { await subscription.queue.next() }
  }

  private let subscription: Subscription

  init(_ stream: EventStream, _ types: Set<EventName>?) { subscription = Subscription(stream, types) }

  /// Iterators share the events of the sequence: use one.
  public func makeAsyncIterator() -> Iterator { Iterator(subscription: subscription) }
}
