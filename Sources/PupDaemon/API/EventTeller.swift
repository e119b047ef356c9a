internal import PupAPI
internal import PupConfig
internal import PupCore
internal import PupEvents
internal import PupStore
internal import PupSystem
internal import PupWeb

/// Says what happens to whoever listens, and to the database. Belongs to the control loop.
final class EventTeller {
  private let loop: EventLoop
  private let state: BrainState
  private let supervision: Supervision
  private let interface: Interface
  private let listings: Listings

  init(
    on loop: EventLoop, _ state: BrainState, _ supervision: Supervision, _ interface: Interface, _ listings: Listings
  ) {
    self.loop = loop
    (self.state, self.supervision, self.interface, self.listings) = (state, supervision, interface, listings)
  }

  /// Each second: whoever follows the supervisor hears that it lives, and whoever asked for it how it is.
  func tick() {
    guard state.isSupervising, let feed = interface.surface?.feed, feed.events.hasReaders else { return }
    feed.publish(.watchdog)
    guard feed.events.hasStateReaders else { return }
    let bound = LoopBound(feed, to: loop)
    listings.applicationState { state in bound { $0.publish(.applicationState(state)) } }
  }

  func tell(_ event: Event) {
    guard let surface = interface.surface else { return }
    let payload: EventPayload
    switch event {
    case .stateChanged(let old, let new, let status, _):
      let information = listings.information(of: status)
      payload = .processStatusChanged(
        old: old.map { APIProcessState($0) }, new: APIProcessState(new), status: information)
    case .flagChanged(let status, let actor):
      payload = .processFlagChanged(held: status.heldByOperator, by: actor.words, status: listings.information(of: status))
    case .scheduled(let next, let status):
      payload = .processScheduled(next: ISODate(next), status: listings.information(of: status))
    case .terminateScheduled(let next, let status):
      payload = .processScheduledTerminate(next: ISODate(next), status: listings.information(of: status))
    case .watchTriggered(let path, let status):
      payload = .processWatch(at: ISODate(status.updated), path: path, status: listings.information(of: status))
    }
    surface.feed.publish(payload, of: event.process)
    // After whoever listens was woken: writing takes longer than telling.
    record(event, of: event.process)
  }

  private func record(_ event: Event, of id: ProcessID) {
    let newest = supervision.runs.newest(of: id)
    var exit: ExitRecord?
    // A failure that uses up the restarts is told twice, as "failed" and as "exhausted"; what the run used is counted once.
    if case .stateChanged(let old?, let new, _, _) = event, [.finished, .errored, .exhausted].contains(new),
      [.starting, .running, .stopping].contains(old)
    {
      exit = newest?.run.exit
    }
    let transition = Transition(
      event, generation: newest?.key.generation, usage: exit.flatMap(ResourceUsage.init(_:)),
      ranOutOfMemory: exit?.ranOutOfMemory ?? false)
    if let transition { interface.surface?.record(transition) }
  }

  func began() { interface.surface?.feed.publish(.initialized) }

  /// How long the end may take, in milliseconds.
  func tellTerminating() {
    let longest = state.configuration?.processes.map(\.terminateTimeout.nanoseconds).max() ?? 0
    interface.surface?.feed.publish(.terminating(milliseconds: longest / 1_000_000))
  }
}

extension ResourceUsage {
  fileprivate init?(_ exit: ExitRecord) {
    guard exit.isUsageKnown else { return nil }
    self.init(
      userMicroseconds: exit.userMicroseconds, systemMicroseconds: exit.systemMicroseconds,
      peakBytes: exit.maxResidentKilobytes * 1024)
  }
}

extension Event {
  var process: ProcessID {
    switch self {
    case .stateChanged(_, _, let status, _), .flagChanged(let status, _), .scheduled(_, let status),
      .terminateScheduled(_, let status), .watchTriggered(_, let status):
      status.id
    }
  }
}
