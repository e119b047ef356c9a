internal import Glibc
package import PupInstance

/// Stops a service and removes everything that was installed for it.
package struct ServiceRemoval {
  package struct Result: Hashable, Sendable {
    /// What a person should know.
    package var lines: [String] = []
  }

  private let plan: ServicePlan

  package init(_ plan: ServicePlan) { self.plan = plan }

  /// The instance that the installed service starts; nil if that cannot be determined.
  package func paths() throws(InstanceError) -> StoragePaths? {
    guard let file = plan.files.first else { return nil }
    switch try InstalledFile(file.path) {
    case .none:
      throw InstanceError(
        .configuration,
        "there is no \(plan.scope.rawValue) service \(plan.unit) (\(file.path) is missing); --name, --system and --user choose another"
      )
    case .foreign: throw ServiceInstaller.foreign(file.path)
    case .ours(let text): return ServiceFile.paths(in: text)
    }
  }

  package func remove() throws(InstanceError) -> Result {
    let paths = try paths()
    for file in plan.files where try InstalledFile(file.path) == .foreign { throw ServiceInstaller.foreign(file.path) }
    var result = Result()
    for step in plan.disable {
      let outcome = ServiceCommand.run(step.words, seconds: step.seconds)
      if !outcome.isSuccess { result.lines.append("warning: " + ServiceInstaller.complaint(step, outcome)) }
      // A Pup that is still running needs its service; otherwise everything can be removed, whatever a tool reports.
      if !outcome.isSuccess, let paths, let pid = InstanceLock.runningPid(paths) {
        throw InstanceError(
          .system,
          "\(ServiceInstaller.complaint(step, outcome))\nPup (pid \(pid)) is still running; nothing was removed. Stop it and try again"
        )
      }
    }
    try removeFiles()
    for step in plan.forget {
      let outcome = ServiceCommand.run(step.words, seconds: step.seconds)
      if !outcome.isSuccess, step.isRequired { result.lines.append("warning: " + ServiceInstaller.complaint(step, outcome)) }
    }
    if let paths { try sweep(paths, &result) }
    return result
  }

  private func removeFiles() throws(InstanceError) {
    for link in plan.links where ServiceInstaller.target(of: link.path) == link.target {
      guard unlink(link.path) == 0 else { throw InstalledFile.failure(link.path, errno) }
    }
    for file in plan.files where unlink(file.path) != 0 && errno != ENOENT { throw InstalledFile.failure(file.path, errno) }
    if let folder = plan.folder { FolderRemoval.remove(folder) }
  }

  /// If the service manager was just about to restart Pup, it has nothing to stop, but programs may be left.
  private func sweep(_ paths: StoragePaths, _ result: inout Result) throws(InstanceError) {
    if let pid = InstanceLock.runningPid(paths) {
      result.lines.append("warning: a Pup that does not belong to this service is running there (pid \(pid)); it was left alone")
      return
    }
    let swept = try Sweep(paths).run()
    if swept.foundAny { result.lines += swept.lines }
    if !swept.isClean { throw InstanceError(.system, swept.lines.joined(separator: "\n")) }
  }
}
