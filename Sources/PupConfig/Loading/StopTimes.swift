internal import PupCore

/// How long a stop may take.
struct StopTimes {
  var gracePeriod = Delay(nanoseconds: Int64(ConfigurationDefaults.terminateGracePeriodSeconds * 1e9))
  var timeout = Delay(nanoseconds: Int64(ConfigurationDefaults.terminateTimeoutSeconds * 1e9))
}

extension ConfigurationBuilder {
  /// The times of an object, told where they contradict each other. What an object only inherits is not told again.
  mutating func stopTimes(_ reader: ObjectReader, inherited: StopTimes) -> StopTimes {
    var times = inherited
    let grace = reader.seconds("terminateGracePeriod")
    let timeout = reader.seconds("terminateTimeout")
    times.gracePeriod = grace ?? times.gracePeriod
    times.timeout = timeout ?? times.timeout
    if times.timeout < times.gracePeriod, grace != nil || timeout != nil {
      let key = timeout != nil ? "terminateTimeout" : "terminateGracePeriod"
      collector.report(
        at: reader.place(of: key),
        "SIGKILL would come before SIGTERM: `terminateTimeout` (\(seconds(times.timeout)) s) is shorter than "
          + "`terminateGracePeriod` (\(seconds(times.gracePeriod)) s)",
        "both count from the wish to stop: make the time-out the longer one")
    }
    return times
  }

  private func seconds(_ delay: Delay) -> String { ConfigurationSchema.json(Double(delay.nanoseconds) / 1e9) }
}
