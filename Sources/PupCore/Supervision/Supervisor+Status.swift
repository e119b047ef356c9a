extension Supervisor {
  /// `now` makes the explanation's "in 3 s" exact; without it, the time of the last input is used.
  package func status(of id: ProcessID, at now: Moment? = nil) -> ProcessStatus? {
    guard let number = numbers[id] else { return nil }
    return machines[number]?.status(at: now ?? lastMoment ?? Self.never)
  }

  /// In the order of the configuration; survivors of removed processes come last.
  package var statuses: [ProcessStatus] { statuses(at: nil) }

  package func statuses(at now: Moment?) -> [ProcessStatus] {
    let now = now ?? lastMoment ?? Self.never
    return machines.compactMap { $0?.status(at: now) }
  }

  /// Cheaper than `status(of:)`.
  package func state(of id: ProcessID) -> ProcessState? { numbers[id].flatMap { machines[$0]?.shownState } }

  /// The common state of a cluster's members, or MIXED; nil if there is no such cluster.
  package func clusterState(of id: ProcessID) -> ProcessState? {
    guard let states = clusters[id]?.compactMap({ machines[$0]?.shownState }), let first = states.first else { return nil }
    return states.allSatisfy { $0 == first } ? first : .mixed
  }

  /// In the order of the configuration; nil if there is no such cluster.
  package func members(of cluster: ProcessID) -> [ProcessID]? {
    clusters[cluster]?.compactMap { machines[$0]?.id }
  }

  /// Everything is being stopped.
  package var isTerminating: Bool { terminating != nil }

  /// Who asked for everything to stop.
  package var terminatedBy: Cause? { terminating }

  /// What must outlive `pup run`: only processes that are held down or blocked.
  package var desiredStates: [DesiredState] {
    machines.compactMap { machine in
      guard let machine, !machine.isOrphan, machine.heldBy != nil || machine.blockedBy != nil else { return nil }
      return machine.desired
    }
  }

  /// Before the first input no time is known.
  private static var never: Moment { Moment(boot: Instant(nanoseconds: 0), wall: WallTime(microseconds: 0)) }
}
