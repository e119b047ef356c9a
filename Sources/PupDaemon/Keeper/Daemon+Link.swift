internal import PupBasics
internal import PupCore
internal import PupLogs
internal import PupSystem

/// Counts and reports what goes wrong between keeper and supervisor.
extension Daemon {
  func misunderstood(_ what: String, _ error: FormatError) {
    linkCounters.misunderstood += 1
    let number = linkCounters.misunderstood
    guard KeeperLinkCounters.isReported(number) else { return }
    let count = number == 1 ? "" : " (number \(number) of such messages)"
    log(.error, .keeper, "the keeper sent \(what) that is not understood: \(error)\(count)")
  }

  func lost(_ loss: KeeperLink.Loss) {
    linkCounters.dropped += 1
    let number = linkCounters.dropped
    switch loss {
    case .overflow(isFirst: false): break
    case .overflow(isFirst: true):
      log(
        .error, .keeper,
        "the keeper (pid \(keeperPid)) does not read its messages: \(KeeperLink.bound) are waiting, and more are dropped until it does; programs "
          + "keep running but cannot be started or stopped. If it is stopped (state T in ps), continue it: kill -CONT \(keeperPid)"
      )
    case .unsent(let error):
      guard KeeperLinkCounters.isReported(number) else { return }
      log(.error, .keeper, "a message to the keeper could not be sent: \(error) (\(number) dropped so far)")
    }
  }

  func appendLink(_ text: inout MetricsText) {
    text.counter(
      "pup_keeper_messages_dropped_total",
      "Messages to the keeper that were dropped because too many were waiting or one could not be sent."
    ) {
      $0.sample([:], Double(linkCounters.dropped))
    }
    text.counter("pup_keeper_messages_misunderstood_total", "Messages from the keeper that could not be decoded.") {
      $0.sample([:], Double(linkCounters.misunderstood))
    }
  }
}
