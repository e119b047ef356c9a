internal import CLinux
internal import Glibc
internal import PupSystem

/// From the greeting to the moment when a brain supervises.
extension BrainWatch {
  func greet(_ brain: Brain, _ hello: Hello) {
    do throws(Hello.Mismatch) {
      brain.agreed = try hello.agreed()
    } catch {
      return refuse(brain, "\(error)", isFinal: true)
    }
    brain.greeted = true
    brain.closeStartReport()
    brain.progressed()
    sendWelcome(to: brain)
  }

  func sendWelcome(to brain: Brain) {
    let arguments = installation.arguments
    var (soft, hard): (UInt64, UInt64) = (0, 0)
    // It is named in a message only.
    _ = pup_open_file_limits(&soft, &hard)
    var welcome = KeeperMessage.Welcome()
    welcome.agreed = brain.agreed
    if let safe = health.safeMode {
      welcome.safeMode = KeeperMessage.SafeMode(since: safe.since, reason: safe.reason, trial: safe.trial)
    }
    welcome.reason = lastDeath
    welcome.terminateSignal = requests.signal
    welcome.ledgerRows = UInt32(truncatingIfNeeded: arguments.rows)
    welcome.entries = UInt32(truncatingIfNeeded: runs.entries.count)
    welcome.openFileLimit = UInt64(arguments.openFiles)
    welcome.openFileCapacity = soft
    welcome.cgroupBase = cgroups.areAvailable ? cgroups.path : ""
    welcome.programs = arguments.programs
    welcome.predecessors = predecessors
    welcome.keeperPid = getpid()
    welcome.kept = store.names
    brain.toldTerminate = min(requests.count, 1)
    let descriptors = WelcomeDescriptor.allCases.map { arguments[$0] } + store.descriptors
    // One that does not get it gets no nearer to supervising, and is replaced.
    _ = link.send(.welcome(welcome), descriptors: descriptors, to: brain)
    link.beginInventory(for: brain)
  }

  func becameReady(_ brain: Brain) {
    guard brain.readyAt == nil else { return }
    brain.readyAt = Clock.monotonic
    hasSupervised = true
    installation.removeNote(InstanceFiles.refusal)
    if health.failedStarts > 0 { complain("the supervisor works again, after \(health.failedStarts) tries to start one") }
    health.isReady()
  }
}
