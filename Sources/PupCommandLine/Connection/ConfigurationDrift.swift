internal import PupConfig
internal import PupCore
internal import PupInstance

/// How the configuration file on disk differs from what the Pup that runs works with: nothing of the file is read after
/// `pup run`.
struct ConfigurationDrift: Sendable {
  enum Kind: Equatable, Sendable {
    case same
    /// It means something else now. The ids are those of the file and of the configuration in force; clusters by their own names.
    case changed(added: [String], removed: [String], changed: [String])
    /// It has errors, so that the next `pup run` would refuse it.
    case unusable
    /// It is gone, or cannot be read.
    case missing
  }

  /// The file, as people wrote it.
  let path: String
  let kind: Kind
  /// What has to stand behind a command for this instance: " --config FILE".
  let option: String

  /// Nil where nothing runs, where it was made of a command line, and where its files may not be read.
  init?(_ location: Location) {
    guard let keeper = Instance.runningPid(location), let live = LiveInstance(keeper: keeper) else { return nil }
    self.init(live.description, option: location.option)
  }

  /// Of the Pup that runs with this file, wherever its data are.
  init?(ofFile path: String?, option: String) {
    let live = LiveInstance.all().first { path != nil && $0.description.absoluteConfigurationPath == path && $0.seesSameFolders }
    guard let live else { return nil }
    self.init(live.description, option: option)
  }

  init?(_ inForce: InstanceDescription, option: String = "") {
    guard let file = inForce.absoluteConfigurationPath else { return nil }
    let onDisk = try? BorrowedRights.with(ofOwnersOnTheWayTo: file) { () throws(InstanceError) in
      try? ConfigurationFile.read(file)
    }
    self.init(
      path: inForce.configurationPath, directory: inForce.directory, inForce: inForce.configuration, onDisk: onDisk ?? nil,
      option: option)
  }

  init(path: String, directory: String, inForce: [UInt8], onDisk: [UInt8]?, option: String = "") {
    self.path = path
    self.option = option
    kind = Self.kind(path, directory, inForce, onDisk)
  }

  private static func kind(_ path: String, _ directory: String, _ inForce: [UInt8], _ onDisk: [UInt8]?) -> Kind {
    guard let onDisk else { return .missing }
    if onDisk == inForce { return .same }
    let environment = SystemConfigurationEnvironment(variables: ProcessEnvironment.current)
    func load(_ bytes: [UInt8]) -> PupConfiguration? {
      PupConfiguration.load(
        bytes: bytes, path: path, directory: directory, environment: environment, checkingFiles: false
      ).configuration
    }
    guard let new = load(onDisk) else { return .unusable }
    guard let old = load(inForce) else { return .changed(added: [], removed: [], changed: []) }
    // Comments and blanks change nothing.
    if old == new { return .same }
    let (before, after) = (parts(old), parts(new))
    return .changed(
      added: after.filter { part in !before.contains { $0.id == part.id } }.map(\.id),
      removed: before.filter { part in !after.contains { $0.id == part.id } }.map(\.id),
      changed: after.filter { part in before.contains { $0.id == part.id && $0.processes != part.processes } }.map(\.id))
  }

  /// What stands in the list of processes: one, or a cluster with its members.
  private static func parts(_ configuration: PupConfiguration) -> [(id: String, processes: [ProcessConfiguration])] {
    var parts: [(id: String, processes: [ProcessConfiguration])] = []
    for process in configuration.processes {
      let id = process.cluster?.id.text ?? process.id.text
      if let index = parts.firstIndex(where: { $0.id == id }) {
        parts[index].processes.append(process)
      } else {
        parts.append((id, [process]))
      }
    }
    return parts
  }

  var differs: Bool { kind != .same }

  /// Whether the file on disk has a process or cluster that the Pup that runs does not have.
  func adds(_ name: String) -> Bool {
    guard case .changed(let added, _, _) = kind else { return false }
    return added.contains { $0.lowercased() == name.lowercased() }
  }

  /// Where a process is not there because it came into the file later: says so, with the way out.
  func explaining(_ failure: CommandFailure, _ names: [String]) -> CommandFailure {
    guard failure.code == CommandFailure.unknownProcess, let name = names.first(where: adds) else { return failure }
    return CommandFailure(
      failure.code, "'\(name)' is in \(path), but Pup was started before that, and \(Self.goesOn); \(wayOut)")
  }

  /// How the file has the process of this id, or the cluster that it belongs to: "same", "changed" or "removed".
  func word(for process: String, cluster: String?) -> String {
    guard case .changed(_, let removed, let changed) = kind else { return "same" }
    let names = [process, cluster].compactMap { $0?.lowercased() }
    func has(_ ids: [String]) -> Bool { ids.contains { names.contains($0.lowercased()) } }
    return has(removed) ? "removed" : has(changed) ? "changed" : "same"
  }

  /// "pup.json has changed since Pup started (added: two); to apply it: pup terminate, then pup run"; nil where it has not.
  var sentence: String? {
    switch kind {
    case .same: nil
    case .missing: "\(path) cannot be read any more; Pup goes on without it"
    case .unusable: "\(path) has changed since Pup started, and has errors: see pup check\(option)"
    case .changed(let added, let removed, let changed):
      "\(path) has changed since Pup started\(Self.list(added, removed, changed)); \(wayOut)"
    }
  }

  private static let goesOn = "it goes on with what it was started with"

  /// How the file comes into force.
  var wayOut: String { "to apply the file: pup terminate\(option), then pup run\(option) (as a service: restart it)" }

  private static func list(_ added: [String], _ removed: [String], _ changed: [String]) -> String {
    let parts = [("added", added), ("removed", removed), ("changed", changed)].filter { !$0.1.isEmpty }.map { word, ids in
      "\(word): \(ids.prefix(5).joined(separator: ", "))\(ids.count > 5 ? " and \(ids.count - 5) more" : "")"
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
  }
}
