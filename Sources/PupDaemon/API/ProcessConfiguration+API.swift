internal import PupAPI
internal import PupConfig
internal import PupCore

extension ProcessConfiguration {
  /// As `GET /processes` shows it: in the words of the configuration file, defaults filled in. What may be a secret, the values
  /// of environment variables, is replaced.
  /// - Parameter cluster: of which it is a member.
  func shown(policy: ProcessPolicy, cluster: ClusterConfiguration?) -> JSONObject {
    var object = JSONObject([("id", .string(id.text))])
    switch program {
    case .command(let text): object["cmd"] = .string(text)
    case .worker(let words): object["worker"] = .array(words.map(JSONValue.string))
    }
    object["cwd"] = .string(workingDirectory)
    var variables = environment.keys.sorted().map { ($0, JSONValue.string("***")) }
    // Made by Pup, and no secret.
    if let membership = self.cluster { variables.append(("PUP_CLUSTER_INSTANCE", .string(String(membership.instance)))) }
    if !variables.isEmpty { object["env"] = .object(JSONObject(variables)) }
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
    object["logger"] = .object(log.shown)
    object["cluster"] = cluster.map { .object($0.shown) }
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
    // What is each member's own.
    let variables = object["env"]?.objectValue?.members.filter { $0.name != "PUP_CLUSTER_INSTANCE" } ?? []
    object["env"] = variables.isEmpty ? nil : .object(JSONObject(variables.map { ($0.name, $0.value) }))
    object["cluster"] = .object(shown)
    return object
  }

  fileprivate var shown: JSONObject {
    var cluster = JSONObject([("instances", .integer(Int64(instances)))])
    cluster["startPort"] = startPort.map { .integer(Int64($0)) }
    cluster["commonPort"] = commonPort.map { .integer(Int64($0)) }
    cluster["strategy"] = strategy.map { .string($0.rawValue) }
    return cluster
  }
}

extension LogDestination {
  fileprivate var shown: JSONObject {
    var object = JSONObject([("console", .bool(console))])
    object["stdout"] = stdout.map(JSONValue.string)
    object["stderr"] = stderr.map(JSONValue.string)
    object["decorate"] = .bool(decorate)
    object["decorateFiles"] = .bool(decorateFiles)
    object["colors"] = .bool(colors)
    return object
  }
}
