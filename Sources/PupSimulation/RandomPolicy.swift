internal import PupCore

/// What the simulated configurations are made of.
enum RandomPolicy {
  static let zones: [TimeZoneRules] = ["UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"].compactMap {
    try? TimeZoneRules(name: $0, posixRule: $0)
  }

  private static let schedules: [CronSchedule] = zones.flatMap { zone in
    ["* * * * * *", "*/5 * * * * *", "*/10 * * * *", "0 * * * *", "30 2 * * *", "0 */2 * * *", "15 1 * * 1-5"].compactMap {
      try? CronSchedule(parsing: $0, zone: zone)
    }
  }

  static func make(_ random: inout SplitMix64) -> ProcessPolicy {
    var policy = ProcessPolicy()
    policy.autostart = random.chance(60)
    if random.chance(30) { policy.cron = random.pick(schedules, or: schedules[0]) }
    if random.chance(15) { policy.terminateCron = random.pick(schedules, or: schedules[0]) }
    policy.watches = random.chance(40)
    policy.restart = random.pick([.never, .onError, .always], or: .never)
    policy.restartDelay = .milliseconds(random.pick([0, 1, 500, 10_000], or: 0))
    policy.watchRestartDelay = .milliseconds(random.pick([0, 500, 2000], or: 0))
    if random.chance(40) { policy.restartLimit = random.below(5) }
    policy.terminateTimeout = .milliseconds(random.pick([0, 500, 3000, 30_000], or: 0))
    if random.chance(40) {
      policy.gracePeriod = Delay(nanoseconds: policy.terminateTimeout.nanoseconds / Int64(1 + random.below(4)))
    }
    if random.chance(30) { policy.timeout = .milliseconds(random.pick([1000, 20_000], or: 1000)) }
    policy.overrun = random.chance(15)
    if random.chance(20) { policy.leftovers = .keep }
    return policy
  }

  static func definitions(_ random: inout SplitMix64) -> [ProcessDefinition] {
    let isCluster = random.chance(20)
    return (1...1 + random.below(4)).map { number in
      ProcessDefinition(id: ProcessID("p-\(number)"), policy: make(&random), cluster: isCluster ? ProcessID("p") : nil)
    }
  }
}
