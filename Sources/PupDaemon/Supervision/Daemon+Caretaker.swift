internal import CLinux
internal import Glibc
internal import PupCore
internal import PupInstance
internal import PupLogs
internal import PupSystem

/// The files by which this instance is found are made anew where somebody has removed them.
extension Daemon {
  /// The keeper's name for a lock that replaces the one it was started with.
  private static let lockName = "instance.lock"

  /// What is locked now; -1 for nothing.
  var currentLock: Int32 {
    let first = held.count > WelcomeDescriptor.lock.rawValue ? held[WelcomeDescriptor.lock.rawValue] : nil
    return (kept[Self.lockName] ?? first)?.number ?? -1
  }

  /// Each second; nothing is done while the look before is not over.
  func lookAfterFiles() {
    guard case .supervising = phase, !isLooking, let surface, let paths, let instance else { return }
    isLooking = true
    let pointer = RuntimePointer(
      runtime: instance.runtimeDirectory, bootID: RuntimeFiles.bootID, madeTemporary: isTemporaryOurs)
    let caretaker = Caretaker(
      paths: paths, home: home, store: surface.store, pointer: pointer, lock: currentLock, keeper: keeperPid,
      secret: surface.secret, port: surface.port,
      socket: surface.socketPath)
    surface.queries.loop.post { [weak self, loop] in
      let findings = caretaker.look()
      loop.post { [weak self] in self?.assumeIsolated { $0.looked(findings) } }
    }
  }

  /// Nobody can say any more which tokens were revoked: all of them end.
  private func endLostTokens() {
    guard let surface, surface.lossMark.take() else { return }
    let mark = surface.lossMark
    surface.rotate(by: "pup") { result in
      // Tried again with the next look.
      if case .failure = result { mark.set() }
    }
  }

  /// It cannot say itself that somebody has stopped it.
  private func lookAtKeeper() {
    let hold = ProcessHold.ofKeeper(keeperPid)
    if let hold, keeperHold == nil { log(.error, .keeper, hold) }
    if hold == nil, keeperHold != nil { log(.info, .keeper, "the keeper (pid \(keeperPid)) goes on") }
    keeperHold = hold
  }

  private func looked(_ findings: Caretaker.Findings) {
    isLooking = false
    endLostTokens()
    if let lock = findings.lock {
      // Nobody else can have it as long as this supervisor, or its keeper, lives.
      keep(lock, name: Self.lockName)
    }
    if !findings.remade.isEmpty {
      log(.error, .files, "removed while Pup runs, and made anew: \(findings.remade.joined(separator: ", "))")
    }
    for problem in findings.problems where !fileProblems.contains(problem) { log(.error, .files, problem) }
    fileProblems = findings.problems
    lookAtKeeper()
    let replaced = pup_replaced_pages()
    if replaced > replacedPages {
      log(
        .error, .files,
        "the shared files in \(instance?.runtimeDirectory ?? "") were cut by somebody; programs run on, but until the next 'pup run' log lines may be "
          + "repeated or missing where a supervisor is replaced")
    }
    replacedPages = replaced
    guard findings.isSocketMissing else { return }
    surface?.remakeLocal { [weak self] place in self?.assumeIsolated { _ = $0.keep(place.descriptor, name: place.name) } }
  }
}
