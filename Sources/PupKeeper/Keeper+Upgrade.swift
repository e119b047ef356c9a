internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// SIGUSR2: take over to the executables that are installed now, without stopping a program. All of them are tried first: keeper
/// and pup-init have to answer `--check`, then the new brain starts beside the old one and has to greet. Only then the old one
/// makes way, and when the new one supervises, the keeper replaces itself. Until then everything can go back.
extension Keeper {
  func beginUpgrade() {
    guard candidate == nil, upgrade == nil else { return tellUpgrade("an upgrade is under way already") }
    do throws(Upgrade.Refusal) {
      var prepared = try Upgrade(programs: arguments.programs, inForce: arguments)
      do throws(Upgrade.Refusal) {
        try prepared.startChecks()
        for check in prepared.checks {
          let watched = watch(check.pidfd, WatchKey(.programCheck))
          if watched < 0 { throw Upgrade.Refusal("epoll_ctl: \(String(cString: pup_error_text(-watched)))") }
        }
      } catch {
        prepared.close()
        throw error
      }
      upgrade = prepared
    } catch {
      return refuseUpgrade(error.reason)
    }
    startCandidateIfChecked()
  }

  /// One of the programs that answer `--check` has ended.
  func programCheckEnded() {
    if let check = initCheck, let verdict = check.verdict() {
      unwatch(check.pidfd)
      check.close()
      initCheck = nil
      if case .failed(let reason) = verdict {
        complain(
          "\(arguments.programs)/pup-init cannot run here (\(reason)); without cgroups no program can be started. Install Pup again"
        )
      }
    }
    guard var prepared = upgrade else { return }
    let refusal = prepared.settleChecks { self.unwatch($0) }
    upgrade = prepared
    if let refusal { return refuseUpgrade(refusal.reason) }
    startCandidateIfChecked()
  }

  /// At the first start, beside everything else. Where runs have cgroups, nothing depends on it.
  func checkInit() {
    guard !cgroups.areAvailable, let check = try? ProgramCheck(.initProgram, arguments.initExecutable) else { return }
    initCheck = check
    _ = watch(check.pidfd, WatchKey(.programCheck))
  }

  private func startCandidateIfChecked() {
    guard let prepared = upgrade, prepared.checks.isEmpty, candidate == nil, replaced == nil else { return }
    do throws(StartFailure) {
      let started = try spawnBrain(prepared.supervisor, standby: true)
      candidate = Candidate(brain: started, deadline: Clock.monotonic + 10 * Self.second)
      let watched = min(
        watch(started.pidfd, WatchKey(.candidate)), watch(started.control.descriptor, WatchKey(.candidateControl)))
      if watched < 0 { throw StartFailure("epoll_ctl", errno: -watched) }
    } catch {
      refuseUpgrade("the new supervisor cannot be started: \(error)")
    }
  }

  func candidateSpoke() {
    guard let candidate, !candidate.proven else { return }
    guard case .packet(let packet)? = try? candidate.brain.control.receive() else { return }
    guard case .hello(let hello)? = try? BrainMessage.decoded(packet.bytes[...]), hello.standby else {
      return refuseUpgrade("the new supervisor does not greet as any version does that this keeper could speak with")
    }
    do throws(Hello.Mismatch) {
      candidate.brain.agreed = try hello.agreed()
    } catch {
      return refuseUpgrade(error.description)
    }
    // There is no way back from the keeper's own exec, which follows.
    if let objection = upgrade?.objection(to: hello, agreed: candidate.brain.agreed, ledger: ledger.version) {
      return refuseUpgrade(objection.reason)
    }
    self.candidate?.proven = true
    self.candidate?.deadline = Clock.monotonic + 5 * Self.second
    candidate.brain.closeStartReport()
    unwatch(candidate.brain.control.descriptor)
    guard let brain else { return promote(candidate) }
    brain.yieldingSince = Clock.monotonic
    lastDeath = "it made way for a new one, which failed"
    if !send(.yield, to: brain) { _ = pup_pidfd_signal(brain.pidfd, SIGKILL) }
  }

  func candidateEnded() {
    guard let candidate else { return }
    var status = pup_child_status()
    guard pup_wait_pidfd(candidate.brain.pidfd, false, &status) > 0 else { return }
    let reason = candidate.brain.takeStartFailure().map { "\($0)" } ?? Self.words(for: status)
    refuseUpgrade("the new supervisor failed (\(reason))")
  }

  func tickCandidate(_ now: Int64) {
    upgrade?.killLate(now)
    guard let candidate, candidate.deadline <= now else { return }
    if candidate.proven {
      // The old one had its time; taking over from a killed brain loses nothing.
      if let brain { _ = pup_pidfd_signal(brain.pidfd, SIGKILL) }
      self.candidate?.deadline = now + 5 * Self.second
    } else {
      refuseUpgrade("the new supervisor did not say hello within 10 s")
    }
  }

  /// On standard error, and in a file for `pup upgrade`, which removes it before it asks.
  private func tellUpgrade(_ message: String) {
    complain(message)
    leaveNote(message, InstanceFiles.upgrade)
  }

  /// Nothing has changed: what was prepared is let go.
  private func refuseUpgrade(_ reason: String) {
    tellUpgrade("upgrade refused: \(reason); everything stays as it was")
    if let candidate {
      drop(candidate)
      _ = pup_pidfd_signal(candidate.brain.pidfd, SIGKILL)
      close(candidate.brain.pidfd)
      dismissed.insert(candidate.brain.pid)
      self.candidate = nil
    }
    for check in upgrade?.checks ?? [] {
      unwatch(check.pidfd)
      dismissed.insert(check.pid)
    }
    upgrade?.close()
    upgrade = nil
  }

  private func drop(_ candidate: Candidate) {
    unwatch(candidate.brain.pidfd)
    unwatch(candidate.brain.control.descriptor)
  }

  /// The old brain is gone: the new one is in charge. It is told of the new executables, since it would start the next keeper
  /// from them.
  func promote(_ candidate: Candidate) {
    drop(candidate)
    self.candidate = nil
    if let upgrade {
      replaced = upgrade.exchange(with: &arguments)
      self.upgrade = nil
    }
    lastDeath = ""
    health.begin()
    connect(candidate.brain)
    guard brain === candidate.brain else { return }
    candidate.brain.lastBeat = Clock.monotonic
    candidate.brain.progressAt = candidate.brain.lastBeat
    candidate.brain.greeted = true
    sendWelcome(to: candidate.brain)
  }

  /// The new brain has taken over: the keeper follows.
  func upgradeSucceeded() {
    guard let older = replaced else { return }
    replaced = nil
    let isKeeperNew = older.keeper != nil
    older.close()
    if isKeeperNew { replaceSelf() }
  }

  /// It died before it had taken over: back to the executables that work.
  /// - Returns: whether there was one.
  @discardableResult
  func upgradeFailed(because reason: String? = nil) -> Bool {
    guard let older = replaced else { return false }
    tellUpgrade(
      "upgrade refused: the new supervisor could not take over\(reason.map { " (\($0))" } ?? ""); back to the old one")
    older.exchange(with: &arguments)?.close()
    replaced = nil
    return true
  }
}
