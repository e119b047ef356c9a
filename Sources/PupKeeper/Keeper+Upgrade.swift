internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

/// SIGUSR2: take over to the executables that are installed now, without stopping a program. The new brain starts beside the old one and has
/// to greet; then the old one makes way. Only when that went well the keeper replaces itself.
extension Keeper {
  func beginUpgrade() {
    guard candidate == nil else { return tellUpgrade("an upgrade is under way already") }
    let path = "\(arguments.programs)/pup-supervisor"
    let executable = pup_open(path, O_RDONLY, 0)
    guard executable >= 0 else {
      return tellUpgrade("upgrade refused: \(path): \(String(cString: pup_error_text(-executable))); the old supervisor stays")
    }
    guard let started = spawnBrain(executable, standby: true) else {
      close(executable)
      return
    }
    candidate = Candidate(brain: started, executable: executable, deadline: Clock.monotonic + 10 * Self.second)
    _ = watch(started.pidfd, WatchKey(.candidate))
    _ = watch(started.control.descriptor, WatchKey(.candidateControl))
  }

  func candidateSpoke() {
    guard let candidate, !candidate.proven else { return }
    guard case .packet(let packet)? = try? candidate.brain.control.receive() else { return }
    for descriptor in packet.descriptors { close(descriptor) }
    guard case .hello(let version, _, true)? = try? BrainMessage(decoding: packet.bytes[...]), version == BrainMessage.version
    else {
      return refuseUpgrade("it does not speak this keeper's protocol")
    }
    self.candidate?.proven = true
    self.candidate?.deadline = Clock.monotonic + 5 * Self.second
    unwatch(candidate.brain.control.descriptor)
    guard let brain else { return promote(candidate) }
    brain.yieldingSince = Clock.monotonic
    if !send(.yield, to: brain) { _ = pup_pidfd_signal(brain.pidfd, SIGKILL) }
  }

  func candidateEnded() {
    guard let candidate else { return }
    var status = pup_child_status()
    guard pup_wait_pidfd(candidate.brain.pidfd, false, &status) > 0 else { return }
    refuseUpgrade(Self.words(for: status))
  }

  func tickCandidate(_ now: Int64) {
    if let check = keeperCheck, check.deadline <= now {
      _ = pup_pidfd_signal(check.pidfd, SIGKILL)
      keeperCheck?.deadline = now + Self.second
    }
    guard let candidate, candidate.deadline <= now else { return }
    if candidate.proven {
      // The old one had its time; taking over from a killed brain loses nothing.
      if let brain { _ = pup_pidfd_signal(brain.pidfd, SIGKILL) }
      self.candidate?.deadline = now + 5 * Self.second
    } else {
      refuseUpgrade("it did not say hello within 10 s")
    }
  }

  /// On standard error, and in a file for `pup upgrade`, which removes it before it asks.
  private func tellUpgrade(_ message: String) {
    complain(message)
    guard !arguments.runtime.isEmpty else { return }
    let file = pup_open("\(arguments.runtime)/\(InstanceFiles.upgrade)", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    let line = message + "\n"
    _ = write(file, line, line.utf8.count)
    close(file)
  }

  private func refuseUpgrade(_ reason: String) {
    guard let candidate else { return }
    tellUpgrade("upgrade refused: the new supervisor failed (\(reason)); the old one stays")
    drop(candidate)
    close(candidate.executable)
    _ = pup_pidfd_signal(candidate.brain.pidfd, SIGKILL)
    close(candidate.brain.pidfd)
    self.candidate = nil
  }

  private func drop(_ candidate: Candidate) {
    unwatch(candidate.brain.pidfd)
    unwatch(candidate.brain.control.descriptor)
  }

  /// The old brain is gone: the new one is in charge.
  func promote(_ candidate: Candidate) {
    drop(candidate)
    self.candidate = nil
    if let older = replacedBrain { close(older) }
    replacedBrain = arguments.brainExecutable
    arguments.brainExecutable = candidate.executable
    lastDeath = ""
    connect(candidate.brain)
    candidate.brain.lastBeat = Clock.monotonic
    candidate.brain.greeted = true
    sendWelcome(to: candidate.brain)
  }

  /// The new brain has taken over: the rest of the new version may follow.
  func upgradeSucceeded() {
    guard let older = replacedBrain else { return }
    close(older)
    replacedBrain = nil
    openNewInit()
    checkNewKeeper()
  }

  /// It died before it had taken over: back to the executable that works.
  func upgradeFailed() {
    guard let older = replacedBrain else { return }
    tellUpgrade("upgrade refused: the new supervisor could not take over; back to the old one")
    close(arguments.brainExecutable)
    arguments.brainExecutable = older
    replacedBrain = nil
  }

  private func openNewInit() {
    let executable = pup_open("\(arguments.programs)/pup-init", O_RDONLY, 0)
    guard executable >= 0 else { return }
    close(arguments.initExecutable)
    arguments.initExecutable = executable
  }

  private func checkNewKeeper() {
    guard keeperCheck == nil else { return }
    let executable = pup_open("\(arguments.programs)/pup-keeper", O_RDONLY, 0)
    guard executable >= 0 else { return }
    var old = pup_file_identity()
    var new = pup_file_identity()
    _ = pup_identity(arguments.keeperExecutable, &old)
    _ = pup_identity(executable, &new)
    guard old.inode != new.inode || old.device != new.device || old.size != new.size else {
      close(executable)
      return
    }
    var pidfd: Int32 = -1
    let pid = CommandWords.withPointers(["pup-keeper", "--check", "\(Self.resumeVersion)"]) { argv in
      pup_spawn_brain(executable, argv, environ, null, null, 2, &pidfd)
    }
    guard pid > 0 else {
      close(executable)
      return
    }
    keeperCheck = KeeperCheck(
      pid: pid, pidfd: pidfd, executable: executable, deadline: Clock.monotonic + 10 * Self.second)
    _ = watch(pidfd, WatchKey(.keeperCheck))
  }

  func keeperCheckEnded() {
    guard let check = keeperCheck else { return }
    var status = pup_child_status()
    guard pup_wait_pidfd(check.pidfd, false, &status) > 0 else { return }
    unwatch(check.pidfd)
    close(check.pidfd)
    keeperCheck = nil
    guard status.code == CLD_EXITED, status.status == 0 else {
      tellUpgrade("the new keeper cannot run here (\(Self.words(for: status))); this one stays")
      close(check.executable)
      return
    }
    close(arguments.keeperExecutable)
    arguments.keeperExecutable = check.executable
    replaceSelf()
  }
}
