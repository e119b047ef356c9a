internal import CLinux
internal import Glibc
internal import PupBasics
package import PupInstance
internal import PupSystem

/// Carries out a plan, and rolls back if it cannot be completed.
package struct ServiceInstaller {
  package struct Result: Hashable, Sendable {
    /// It was already installed and has been updated.
    package var wasInstalled: Bool
    /// Whether any file has changed.
    package var hasChanged: Bool
  }

  private let plan: ServicePlan
  /// How long the service may take after its start until the service manager reports it as running.
  private let patience: Int64

  package init(_ plan: ServicePlan, patienceSeconds: Int = 15) {
    self.plan = plan
    patience = Int64(patienceSeconds) * 1_000_000_000
  }

  package func install() throws(InstanceError) -> Result {
    let before = try examine()
    let wasInstalled = before.values.contains { $0 != .none }
    var undo = Undo()
    do throws(InstanceError) {
      for file in plan.files { try write(file, before[file.path] ?? .none, &undo) }
      for link in plan.links { try make(link, &undo) }
      for step in plan.enable { try perform(step) }
      try awaitRunning()
    } catch {
      throw InstanceError(error.kind, error.message + "\n" + rollBack(undo, wasInstalled: wasInstalled))
    }
    return Result(wasInstalled: wasInstalled, hasChanged: undo.hasChanged)
  }

  // MARK: Preparation

  /// Throws if an installation would be refused: even steps that are only shown must not be able to overwrite anything.
  package func refuseForeign() throws(InstanceError) { _ = try examine() }

  /// Nothing written by someone else is changed, hidden, or mistaken for ours.
  private func examine() throws(InstanceError) -> [String: InstalledFile] {
    var found: [String: InstalledFile] = [:]
    for file in plan.files {
      let content = try InstalledFile(file.path)
      if content == .foreign { throw Self.foreign(file.path) }
      found[file.path] = content
    }
    for place in plan.foreignPlaces where access(place, F_OK) == 0 {
      throw InstanceError(
        .configuration, "\(place) exists: the service \(plan.unit) was not installed by Pup; choose another name with --name")
    }
    for link in plan.links {
      var info = stat()
      if lstat(link.path, &info) == 0, Self.target(of: link.path) != link.target { throw Self.foreign(link.path) }
    }
    return found
  }

  static func foreign(_ path: String) -> InstanceError {
    InstanceError(
      .configuration,
      "\(path) exists and was not written by Pup; it was not changed. Move it away, or choose another name with --name")
  }

  // MARK: Steps

  private func write(_ file: ServiceFile, _ before: InstalledFile, _ undo: inout Undo) throws(InstanceError) {
    if before == .ours(file.content) { return }
    try makeFolder(Self.parent(of: file.path), &undo)
    if case .ours(let text) = before { undo.restore(file, text) } else { undo.remove(file.path) }
    try Self.replace(file)
  }

  static func replace(_ file: ServiceFile) throws(InstanceError) {
    do throws(SystemError) {
      let written = try RuntimeFiles.replace(file.path, with: Array(file.content.utf8), mode: 0o600)
      // Ignore the umask: the service manager and anyone who looks must be able to read it.
      guard fchmod(written.number, file.mode) == 0 else { throw SystemError("chmod \(file.path)", errno: errno) }
    } catch {
      throw InstanceError(error.errno == EACCES || error.errno == EPERM ? .permission : .system, "\(error)")
    }
  }

  private func makeFolder(_ path: String, _ undo: inout Undo) throws(InstanceError) {
    guard access(path, F_OK) != 0 else { return }
    try makeFolder(Self.parent(of: path), &undo)
    guard mkdir(path, 0o755) == 0 else {
      if errno == EEXIST { return }
      throw InstalledFile.failure(path, errno)
    }
    undo.removeFolder(path)
  }

  private func make(_ link: ServicePlan.Link, _ undo: inout Undo) throws(InstanceError) {
    if Self.target(of: link.path) == link.target { return }
    guard symlink(link.target, link.path) == 0 else { throw InstalledFile.failure(link.path, errno) }
    undo.remove(link.path)
  }

  private func perform(_ step: ServiceStep) throws(InstanceError) {
    let outcome = ServiceCommand.run(step.words, seconds: step.seconds)
    guard !outcome.isSuccess, step.isRequired else { return }
    throw InstanceError(.system, Self.complaint(step, outcome) + diagnosis())
  }

  private func awaitRunning() throws(InstanceError) {
    let deadline = pup_clock_now(PUP_CLOCK_MONOTONIC) + patience
    while true {
      let outcome = ServiceCommand.run(plan.check.words, seconds: plan.check.seconds)
      if outcome.isSuccess { return }
      guard pup_clock_now(PUP_CLOCK_MONOTONIC) < deadline else {
        throw InstanceError(
          .system, "\(plan.unit) was started but is not running\n" + Self.complaint(plan.check, outcome) + diagnosis())
      }
      poll(nil, 0, 200)
    }
  }

  static func complaint(_ step: ServiceStep, _ outcome: CommandOutcome) -> String {
    let how =
      switch outcome.ending {
      case .exited(let code): "exit code \(code)"
      case .signaled(let signal): "signal \(signal)"
      case .timedOut: "did not finish within \(step.seconds) s"
      case .failedToStart(let code): strerror(code).map { String(cString: $0) } ?? "error \(code)"
      }
    return "\(step.text): \(how)" + indented(outcome.output)
  }

  private func diagnosis() -> String {
    plan.diagnose.map { step in
      let outcome = ServiceCommand.run(step.words, seconds: step.seconds)
      return outcome.output.isEmpty ? "" : "\n\(step.text):" + Self.indented(outcome.output)
    }.joined()
  }

  private static func indented(_ output: String) -> String {
    output.split(separator: "\n").map { "\n  \($0)" }.joined()
  }

  // MARK: Rollback

  private func rollBack(_ undo: Undo, wasInstalled: Bool) -> String {
    // A service that was running before keeps running. These steps may fail
    // for a half-installed service; what counts is what `undo` leaves.
    if !wasInstalled {
      for step in plan.disable { _ = ServiceCommand.run(step.words, seconds: step.seconds) }
    }
    let left = undo.perform()
    for step in plan.forget { _ = ServiceCommand.run(step.words, seconds: step.seconds) }
    if !left.isEmpty { return "it could not be rolled back completely; remove manually: \(left.joined(separator: " "))" }
    return wasInstalled ? "the service is as it was before" : "everything that was written has been removed again"
  }

  static func parent(of path: String) -> String { PathText.hasSlash(path) ? PathText.parent(of: path) : "/" }

  static func target(of path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), bytes.count) } ?? -1
    }
    return count > 0 ? String(decoding: buffer[0..<count], as: UTF8.self) : nil
  }
}
