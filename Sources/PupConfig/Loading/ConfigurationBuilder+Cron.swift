internal import PupCore

/// What is known about a time zone.
enum ZoneLookup {
  case known(TimeZoneRules)
  case unknown(what: String, fix: String)
}

extension ConfigurationBuilder {
  mutating func cronSetting(_ key: String, _ reader: ObjectReader) -> CronSetting? {
    guard let node = reader.node(key) else { return nil }
    let zoneName = reader.text("cronTimezone")
    let rules: TimeZoneRules
    switch zone(named: zoneName) {
    case .known(let known): rules = known
    case .unknown(let what, let fix):
      collector.report(at: zoneName == nil ? node : reader.place(of: "cronTimezone"), what, fix)
      // The pattern is checked anyway.
      rules = .utc
    }
    let pattern = document.text(of: node)
    do {
      return CronSetting(pattern: pattern, schedule: try CronSchedule(parsing: pattern, zone: rules))
    } catch {
      collector.report(
        at: node, offset: document.sourceOffset(ofCharacter: error.position, in: node), "`\(key)`: \(error.problem)", error.remedy
      )
      return nil
    }
  }

  /// The zone with this name, or the machine's own if nil.
  private mutating func zone(named name: String?) -> ZoneLookup {
    let key = name ?? ""
    if let known = zones[key] { return known }
    let found = findZone(name)
    zones[key] = found
    return found
  }

  private func findZone(_ name: String?) -> ZoneLookup {
    if let name { return rules(name, origin: "`cronTimezone`") }
    // TZ as tzset(3) reads it: a leading colon is optional, an empty value is UTC.
    guard let variable = files.environment.variables["TZ"] else { return machineZone() }
    let name = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
    if name.isEmpty { return .known(.utc) }
    if name == "/etc/localtime" { return machineZone() }
    return rules(name, origin: "the environment variable TZ")
  }

  private func machineZone() -> ZoneLookup {
    // A machine without /etc/localtime keeps UTC.
    guard let data = files.environment.zoneData(named: nil) else { return .known(.utc) }
    do throws(TimeZoneError) {
      return .known(try TimeZoneRules(name: "local time", tzif: data))
    } catch {
      return .unknown(what: "the machine's time zone (/etc/localtime) cannot be used: \(error)", fix: "or set `cronTimezone`")
    }
  }

  private func nearestZone(to name: String) -> String? {
    let names = files.environment.zoneNames
    let wanted = String(name.map { $0 == " " ? "_" : $0 }).lowercased()
    // The city alone, which is what people remember.
    return names.first { $0.lowercased() == wanted || $0.lowercased().hasSuffix("/" + wanted) }
      ?? NearestName.find(wanted, among: names)
  }

  private func rules(_ name: String, origin: String) -> ZoneLookup {
    if ["UTC", "UTC0", "GMT", "GMT0", "Etc/UTC"].contains(name) { return .known(.utc) }
    guard let data = files.environment.zoneData(named: name) else {
      let nearest = nearestZone(to: name)
      return .unknown(
        what: "this machine does not know the time zone `\(name)` from \(origin)",
        fix: nearest.map { "did you mean `\($0)`?" }
          ?? "use a name like Europe/Stockholm, and check that the tzdata package is installed")
    }
    do throws(TimeZoneError) {
      return .known(try TimeZoneRules(name: name, tzif: data))
    } catch {
      return .unknown(what: "the time zone `\(name)` from \(origin) cannot be used", fix: "\(error)")
    }
  }
}
