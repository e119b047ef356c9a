internal import Glibc
internal import PupAPI
internal import PupConfig

/// Which processes a command is about: ids, globs, `all`, without regard to case.
struct ProcessSelection {
  let patterns: [String]

  /// Empty patterns mean all.
  init(_ patterns: [String]) { self.patterns = patterns.map { $0.lowercased() } }

  /// What is meant, in the listing's order, each once; a cluster brings its members.
  func of(_ processes: [ProcessInformation]) throws(CommandFailure) -> [ProcessInformation] {
    if patterns.isEmpty { return processes }
    var chosen: Set<String> = []
    // A name beside `all` may be a slip, and then nothing is meant.
    for pattern in patterns {
      if pattern == "all" {
        chosen.formUnion(processes.map(\.id))
        continue
      }
      let found = processes.filter { Self.matches($0.id.lowercased(), pattern) }
      guard !found.isEmpty else { throw Self.unknown(pattern, among: processes.map(\.id)) }
      for process in found {
        chosen.insert(process.id)
        chosen.formUnion(process.members ?? [])
      }
    }
    return processes.filter { chosen.contains($0.id) }
  }

  /// Those that can be acted on one by one: not clusters, but their members.
  func leaves(of processes: [ProcessInformation]) throws(CommandFailure) -> [ProcessInformation] {
    try of(processes).filter { $0.type != .cluster }
  }

  /// Names that none of these processes has: of processes that left the configuration, or slips.
  func strangers(to processes: [ProcessInformation]) -> [String] {
    var seen = Set(processes.map { $0.id.lowercased() })
    return patterns.filter { $0 != "all" && !Self.isGlob($0) && seen.insert($0).inserted }
  }

  /// Whether an id is meant.
  func fits(_ id: String) -> Bool {
    patterns.isEmpty || patterns.contains { $0 == "all" || Self.matches(id.lowercased(), $0) }
  }

  static func isGlob(_ pattern: String) -> Bool { pattern.contains { "*?[".contains($0) } }

  /// - Parameter id: in lower case, as the pattern is.
  static func matches(_ id: String, _ pattern: String) -> Bool {
    isGlob(pattern) ? fnmatch(pattern, id, 0) == 0 : id == pattern
  }

  /// - Parameter listing: the command that shows those that there are.
  static func unknown(_ pattern: String, among ids: [String], listing: String = "pup status") -> CommandFailure {
    if isGlob(pattern) { return CommandFailure(CommandFailure.unknownProcess, "no process fits '\(pattern)'; see: \(listing)") }
    let nearest = NearestName.find(pattern, among: ids).map { " (did you mean '\($0)'?)" } ?? ""
    return CommandFailure(
      CommandFailure.unknownProcess, "there is no process '\(pattern)' here\(nearest); see: \(listing)")
  }
}
