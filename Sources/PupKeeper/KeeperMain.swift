internal import CLinux
internal import Glibc
internal import PupSystem

/// The whole of `pup-keeper`: started by `pup run`, by a brain that survived its keeper, or by itself.
package func keeperMain(_ words: [String]) -> Int32 {
  do {
    let arguments = try KeeperArguments(words)
    if let version = arguments.check { return version == Int32(Keeper.resumeVersion) ? 0 : 1 }
    guard arguments.state >= 0, arguments.streams >= 0, arguments.brainExecutable >= 0 else {
      complain("this program is started by 'pup run', not by hand")
      return 64
    }
    let keeper = try Keeper(arguments)
    if arguments.resume >= 0 {
      try keeper.resume(from: arguments.resume)
      keeper.arguments.resume = -1
    } else if arguments.brainPid > 0 {
      keeper.inheritBrain()
    } else {
      keeper.startBrain()
    }
    return keeper.run()
  } catch let error as KeeperArguments.Invalid {
    complain(error.message)
    return 64
  } catch {
    complain("cannot start: \(error)")
    return 71
  }
}

extension Keeper {
  /// A brain outlived its keeper and started this one.
  func inheritBrain() {
    let pidfd = pup_pidfd_open(arguments.brainPid)
    guard pidfd >= 0 else { return startBrain() }
    for descriptor in [arguments.control, arguments.logs] { _ = pup_set_cloexec(descriptor, true) }
    let brain = Brain(
      pid: arguments.brainPid, pidfd: pidfd, control: PacketSocket(owning: arguments.control),
      logs: PacketSocket(owning: arguments.logs), isChild: false, now: Clock.monotonic)
    arguments.brainPid = 0
    (arguments.control, arguments.logs) = (-1, -1)
    connect(brain)
  }
}
