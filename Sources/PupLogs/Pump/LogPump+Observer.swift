extension LogPump {
  /// From the next batch on, passes every new line of every process, and of Pup itself, to the observer; nil ends it.
  ///
  /// It is called on the log loop, whether or not a store is kept, with at most 512 lines at a time, at most 10 000 a second of
  /// one process (after a burst of 4 096) and 100 000 of all; the number of lines left out is reported as well. Text beyond 8 KiB
  /// is cut, with a mark.
  ///
  /// - Parameter isWanted: asked before each batch, on the log loop; nothing is copied or counted if it returns false.
  package nonisolated func setObserver(_ observer: LogObserver?, isWanted: @escaping @Sendable () -> Bool = { true }) {
    onLoop { $0.feed = observer.map { LogFeed($0, isWanted: isWanted) } }
  }

  /// The counters of every process that has written since this pump began. From any thread.
  package nonisolated func counters() -> [String: LogCounters] { tallies.counters }
}
