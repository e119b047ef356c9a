import PupTestSupport

/// A line that `tell` of scripts/uml/service.sh wrote: what systemd says about a service, and what is there.
struct ServiceState {
  private let values: [String: String]

  init(_ line: String) {
    let pairs = line.split(separator: " ").compactMap { word -> (String, String)? in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  var name: String { values["name"] ?? "" }
  var active: String { values["ActiveState"] ?? "" }
  var result: String { values["Result"] ?? "" }
  var mainPid: Int32 { Int32(values["MainPID"] ?? "") ?? 0 }
  var restarts: Int { Int(values["NRestarts"] ?? "") ?? -1 }
  /// How often a program has been started so far, by the programs' own word.
  var starts: Int { Int(values["starts"] ?? "") ?? -1 }
  var programs: [Int32] { pids("programs") }
  var keepers: [Int32] { pids("keepers") }
  var brains: [Int32] { pids("brains") }

  private func pids(_ key: String) -> [Int32] { (values[key] ?? "").split(separator: ",").compactMap { Int32($0) } }
}

extension GuestReport {
  func state(_ name: String) throws -> ServiceState {
    let found = lines("states").map(ServiceState.init).filter { $0.name == name }
    guard found.count == 1 else { throw Failure("\(found.count) states \(name) of 1\n\(text("states"))\n\(summary)") }
    return found[0]
  }
}
