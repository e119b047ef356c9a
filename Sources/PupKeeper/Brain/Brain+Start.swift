internal import CLinux
internal import CSpawn
internal import Glibc
internal import PupSystem

extension Brain {
  /// Starts an executable as a brain. One that cannot be executed ends, and says why (`takeStartFailure`).
  static func start(_ executable: Int32, standby: Bool) throws(StartFailure) -> Brain {
    let (control, logs, report): (PipeEnds, PipeEnds, PipeEnds)
    do throws(SystemError) {
      control = try sockets()
      logs = try sockets()
      report = try PipeEnds(isBlocking: false)
    } catch {
      throw StartFailure("sockets", errno: error.errno)
    }
    var pidfd: Int32 = -1
    // `pup_spawn_brain` puts its sockets there.
    let words = SupervisorArguments(control: 3, logs: 4, isStandby: standby)
    let pid = CommandWords.withPointers(words.words) { argv in
      pup_spawn_brain(
        executable, argv, environ, control.write.number, logs.write.number, report.write.number, &pidfd)
    }
    guard pid > 0 else { throw StartFailure(SpawnStage.clone.word, errno: -pid) }
    return Brain(
      pid: pid, pidfd: Descriptor(pidfd), control: PacketSocket(control.read), logs: PacketSocket(logs.read), isChild: true,
      startReport: report.read, now: Clock.monotonic)
  }

  /// This side's, and the brain's.
  private static func sockets() throws(SystemError) -> PipeEnds {
    var (ours, its): (Int32, Int32) = (-1, -1)
    try check(pup_seqpacket_pair(&ours, &its), "socketpair")
    return PipeEnds(read: Descriptor(ours), write: Descriptor(its))
  }
}
