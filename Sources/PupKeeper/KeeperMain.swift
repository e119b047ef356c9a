internal import CLinux
internal import Glibc
internal import PupSystem

/// The whole of `pup-keeper`: started by `pup run`, by a brain that survived its keeper, or by itself.
package func keeperMain(_ words: [String]) -> Int32 {
  do {
    let arguments = try KeeperArguments(words)
    if arguments.check >= 0 {
      let answer = ProgramCheck.Program.keeper.answer
      return write(1, answer, answer.utf8.count) == answer.utf8.count ? 0 : 1
    }
    guard arguments.state >= 0, arguments.streams >= 0, arguments.brainExecutable >= 0 else {
      complain("this program is started by 'pup run', not by hand")
      return 64
    }
    let keeper = try Keeper(arguments)
    if arguments.resume >= 0 {
      try keeper.resume(from: arguments.resume)
      keeper.installation.arguments.resume = -1
    } else if arguments.brainPid > 0 {
      keeper.inheritBrain()
    } else {
      keeper.brains.start()
      if !keeper.control.cgroups.areAvailable { keeper.upgrades.checkInit() }
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
    let arguments = installation.arguments
    (installation.arguments.brainPid, installation.arguments.control, installation.arguments.logs) = (-1, -1, -1)
    let (control, logs) = (PacketSocket(owning: arguments.control), PacketSocket(owning: arguments.logs))
    let pidfd = pup_pidfd_open(arguments.brainPid)
    // It lives, and there is no room for a descriptor of it: two brains would be worse than the other keeper that it starts now.
    if pidfd < 0, pidfd != -ESRCH {
      LastWord.say("pup-keeper: pidfd_open: \(String(cString: pup_error_text(-pidfd)))")
      exit(71)
    }
    brains.hasSupervised = true
    // It has ended since; its sockets are of no use to another one.
    guard pidfd >= 0 else { return brains.start() }
    let brain = Brain(
      pid: arguments.brainPid, pidfd: Descriptor(pidfd), control: control, logs: logs, isChild: false, now: Clock.monotonic)
    CloseOnExec.set(brain.descriptors)
    brains.inherit(brain)
  }
}
