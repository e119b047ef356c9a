internal import PupAPI
internal import PupConfig
internal import PupCore

extension ProcessConfiguration {
  /// As `GET /processes` shows it: in the words of the configuration file, defaults filled in. What may be a secret, the values of
  /// environment variables, is replaced.
  func shown(policy: ProcessPolicy) -> JSONObject {
    var object = JSONObject([("id", .string(id.text))])
    switch program {
    case .command(let text): object["cmd"] = .string(text)
    case .worker(let words): object["worker"] = .array(words.map(JSONValue.string))
    }
    object["cwd"] = .string(workingDirectory)
    if !environment.isEmpty {
      object["env"] = .object(JSONObject(environment.keys.sorted().map { ($0, .string("***")) }))
    }
    object["path"] = path.map(JSONValue.string)
    object["pidFile"] = pidFile.map(JSONValue.string)
    object["autostart"] = .bool(autostart)
    object["cron"] = cron.map { .string($0.pattern) }
    object["terminate"] = terminate.map { .string($0.pattern) }
    if !watch.isEmpty { object["watch"] = .array(watch.map(JSONValue.string)) }
    object["restart"] = restart.map { .string($0.rawValue) }
    object["restartDelayMs"] = .integer(policy.restartDelay.nanoseconds / 1_000_000)
    object["restartLimit"] = restartLimit.map { .integer(Int64($0)) }
    object["overrun"] = .bool(overrun)
    object["terminateGracePeriod"] = Self.seconds(terminateGracePeriod)
    object["terminateTimeout"] = Self.seconds(terminateTimeout)
    object["timeout"] = timeout.map(Self.seconds)
    object["leftovers"] = .string(leftovers == .kill ? "kill" : "keep")
    return object
  }

  private static func seconds(_ delay: Delay) -> JSONValue {
    let (whole, rest) = delay.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest == 0 ? .integer(whole) : .number(Double(delay.nanoseconds) / 1_000_000_000)
  }
}

extension ClusterConfiguration {
  /// The members' configuration says the rest.
  func shown(member: JSONObject?) -> JSONObject {
    var object = member ?? JSONObject()
    object["id"] = .string(id.text)
    var cluster = JSONObject([("instances", .integer(Int64(instances)))])
    cluster["startPort"] = startPort.map { .integer(Int64($0)) }
    cluster["commonPort"] = commonPort.map { .integer(Int64($0)) }
    cluster["strategy"] = strategy.map { .string($0.rawValue) }
    object["cluster"] = .object(cluster)
    return object
  }
}
