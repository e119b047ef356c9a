internal import PupCore

/// How long a stop may take.
struct StopTimes {
  var gracePeriod = Delay(nanoseconds: Int64(ConfigurationDefaults.terminateGracePeriodSeconds * 1e9))
  var timeout = Delay(nanoseconds: Int64(ConfigurationDefaults.terminateTimeoutSeconds * 1e9))
  /// Whether the configuration sets the timeout, here or at a higher level.
  var isTimeoutSet = false
}

extension ConfigurationBuilder {
  /// The times of an object; reports a contradiction between them, but not again for an object that merely inherits it.
  mutating func stopTimes(_ reader: ObjectReader, inherited: StopTimes) -> StopTimes {
    var times = inherited
    let grace = reader.seconds("terminateGracePeriod")
    let timeout = reader.seconds("terminateTimeout")
    times.gracePeriod = grace ?? times.gracePeriod
    times.timeout = timeout ?? times.timeout
    times.isTimeoutSet = times.isTimeoutSet || timeout != nil
    // Someone who sets a long grace period and no timeout does not want SIGKILL before the grace period ends.
    if !times.isTimeoutSet {
      let usual = StopTimes().timeout
      if times.gracePeriod >= usual { times.timeout = Delay(nanoseconds: times.gracePeriod.nanoseconds + usual.nanoseconds) }
    }
    if times.timeout < times.gracePeriod, grace != nil || timeout != nil {
      let key = timeout != nil ? "terminateTimeout" : "terminateGracePeriod"
      collector.report(
        at: reader.place(of: key),
        "SIGKILL would come before SIGTERM: `terminateTimeout` (\(seconds(times.timeout)) s) is shorter than "
          + "`terminateGracePeriod` (\(seconds(times.gracePeriod)) s)",
        "both are measured from the stop request; make the timeout the longer one")
    }
    return times
  }

  private func seconds(_ delay: Delay) -> String { ConfigurationSchema.json(Double(delay.nanoseconds) / 1e9) }
}
