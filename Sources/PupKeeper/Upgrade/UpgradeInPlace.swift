internal import Glibc
internal import PupBasics
internal import PupSystem

/// SIGUSR2: take over to the executables that are installed now, without stopping a program. All of them are tried first: keeper
/// and pup-init have to answer `--check`, then the new brain starts beside the old one and has to greet. Only then the old one
/// makes way, and when the new one supervises, the keeper replaces itself. Until then everything can go back.
final class UpgradeInPlace {
  private let installation: Installation
  private let poller: Poller
  private let children: Children
  private let brains: BrainWatch
  /// Of the stream ledger in use.
  private let ledger: FormatVersion

  private var candidate: Candidate?
  /// What is tried, until the new brain is in charge.
  private var upgrade: Upgrade?
  /// The executables before the last upgrade, until its brain has taken over.
  private var replaced: Upgrade?
  /// `pup-init` at the first start, where no run can have a cgroup.
  private var initCheck: ProgramCheck?

  init(installation: Installation, poller: Poller, children: Children, brains: BrainWatch, ledger: FormatVersion) {
    (self.installation, self.poller, self.children) = (installation, poller, children)
    (self.brains, self.ledger) = (brains, ledger)
  }

  var isUnderWay: Bool { candidate != nil || upgrade != nil || replaced != nil }

  /// Another brain is about to take the place of the one in charge.
  var hasCandidate: Bool { candidate != nil }

  /// Whether it waits for this child.
  func waits(for pid: Int32) -> Bool {
    if pid == candidate?.brain.pid || pid == initCheck?.pid { return true }
    return upgrade?.checks.contains { $0.pid == pid } == true
  }

  func begin() {
    guard candidate == nil, upgrade == nil else { return tell("an upgrade is under way already") }
    do throws(Upgrade.Refusal) {
      var prepared = try Upgrade(programs: installation.arguments.programs, inForce: installation.arguments)
      do throws(Upgrade.Refusal) {
        try prepared.startChecks()
        try watchChecks(of: prepared)
      } catch {
        prepared.endChecks()
        throw error
      }
      upgrade = prepared
    } catch {
      return refuse(error.reason)
    }
    startCandidateIfChecked()
  }

  private func watchChecks(of prepared: Upgrade) throws(Upgrade.Refusal) {
    do throws(SystemError) {
      for check in prepared.checks { try poller.add(check.pidfd.number, WatchKey(.programCheck)) }
    } catch {
      throw Upgrade.Refusal("\(error)")
    }
  }

  // MARK: Programs that answer `--check`

  /// At the first start, beside everything else. Where runs have cgroups, nothing depends on it.
  func checkInit() {
    // A check that cannot be made says nothing about the program.
    guard let check = try? ProgramCheck(.initProgram, installation.arguments.initExecutable) else { return }
    initCheck = check
    do {
      try poller.add(check.pidfd.number, WatchKey(.programCheck))
    } catch {
      complain("whether pup-init can run here will not be known: \(error)")
    }
  }

  /// One of them has ended.
  func programCheckEnded() {
    if let check = initCheck, let verdict = check.verdict() {
      poller.remove(check.pidfd.number)
      initCheck = nil
      if case .failed(let reason) = verdict {
        complain(
          "\(installation.arguments.programs)/pup-init cannot run here (\(reason)); without cgroups no program can be started. Install Pup again"
        )
      }
    }
    guard var prepared = upgrade else { return }
    let refusal = prepared.settleChecks(poller.remove)
    upgrade = prepared
    if let refusal { return refuse(refusal.reason) }
    startCandidateIfChecked()
  }

  // MARK: The new brain

  private func startCandidateIfChecked() {
    guard let prepared = upgrade, prepared.checks.isEmpty, candidate == nil, replaced == nil else { return }
    do throws(StartFailure) {
      let started = try Brain.start(prepared.supervisor.number, standby: true)
      candidate = Candidate(brain: started, deadline: Clock.monotonic + 10 * Clock.second)
      try watch(started)
    } catch {
      refuse("the new supervisor cannot be started: \(error)")
    }
  }

  private func watch(_ brain: Brain) throws(StartFailure) {
    do throws(SystemError) {
      try poller.add(brain.pidfd.number, WatchKey(.candidate))
      try poller.add(brain.control.descriptor, WatchKey(.candidateControl))
    } catch {
      throw StartFailure(error.call, errno: error.errno)
    }
  }

  func candidateSpoke() {
    guard let candidate, !candidate.proven else { return }
    // What cannot be read says nothing; the deadline stands.
    guard case .packet(let packet)? = try? candidate.brain.control.receive() else { return }
    guard case .hello(let hello)? = try? BrainMessage.decoded(packet.bytes[...]), hello.standby else {
      return refuse("the new supervisor does not greet as any version does that this keeper could speak with")
    }
    do throws(Hello.Mismatch) {
      candidate.brain.agreed = try hello.agreed()
    } catch {
      return refuse(error.description)
    }
    // There is no way back from the keeper's own exec, which follows.
    if let objection = upgrade?.objection(to: hello, agreed: candidate.brain.agreed, ledger: ledger) {
      return refuse(objection.reason)
    }
    self.candidate?.proven = true
    self.candidate?.deadline = Clock.monotonic + 5 * Clock.second
    candidate.brain.closeStartReport()
    poller.remove(candidate.brain.control.descriptor)
    if let brain = brains.link.brain { brains.makeWay(brain) } else { promote(candidate) }
  }

  func candidateEnded() {
    guard let candidate, let end = candidate.brain.end() else { return }
    let reason = candidate.brain.takeStartFailure().map { "\($0)" } ?? "\(end)"
    refuse("the new supervisor failed (\(reason))")
  }

  /// The old brain is gone. Puts a new one that has proven itself in its place.
  /// - Returns: whether there was one.
  func promoteProven() -> Bool {
    guard let candidate, candidate.proven else { return false }
    promote(candidate)
    return true
  }

  /// It is told of the new executables, since it would start the next keeper from them.
  private func promote(_ candidate: Candidate) {
    unwatch(candidate)
    self.candidate = nil
    if let upgrade {
      replaced = upgrade.exchange(with: &installation.arguments)
      self.upgrade = nil
    }
    do throws(StartFailure) {
      try brains.succeed(with: candidate.brain)
    } catch {
      failed()
      brains.notStarted(error)
    }
  }

  private func unwatch(_ candidate: Candidate) {
    poller.remove(candidate.brain.pidfd.number)
    poller.remove(candidate.brain.control.descriptor)
  }

  // MARK: Time

  var deadline: Int64? {
    ([candidate?.deadline] + (upgrade?.checks ?? []).map(\.deadline)).compactMap { $0 }.min()
  }

  func tick(_ now: Int64) {
    upgrade?.killLate(now)
    guard let candidate, candidate.deadline <= now else { return }
    if candidate.proven {
      // The old one had its time; taking over from a killed brain loses nothing.
      brains.link.brain?.signal(SIGKILL)
      self.candidate?.deadline = now + 5 * Clock.second
    } else {
      refuse("the new supervisor did not say hello within 10 s")
    }
  }

  // MARK: The outcome

  /// On standard error, and in a file for `pup upgrade`, which removes it before it asks.
  private func tell(_ message: String) {
    complain(message)
    installation.leaveNote(message, InstanceFiles.upgrade)
  }

  /// Nothing has changed: what was prepared is let go.
  private func refuse(_ reason: String) {
    tell("upgrade refused: \(reason); everything stays as it was")
    if let candidate {
      unwatch(candidate)
      candidate.brain.signal(SIGKILL)
      children.dismiss(candidate.brain.pid)
      self.candidate = nil
    }
    for check in upgrade?.checks ?? [] {
      poller.remove(check.pidfd.number)
      children.dismiss(check.pid)
    }
    upgrade?.endChecks()
    upgrade = nil
  }

  /// The new brain has taken over.
  /// - Returns: whether the keeper has to follow.
  func succeeded() -> Bool {
    defer { replaced = nil }
    return replaced?.keeper != nil
  }

  /// It died before it had taken over: back to the executables that work.
  /// - Returns: whether there was one.
  @discardableResult
  func failed(because reason: String? = nil) -> Bool {
    guard let older = replaced else { return false }
    tell("upgrade refused: the new supervisor could not take over\(reason.map { " (\($0))" } ?? ""); back to the old one")
    // Those that failed are closed.
    _ = older.exchange(with: &installation.arguments)
    replaced = nil
    return true
  }
}
