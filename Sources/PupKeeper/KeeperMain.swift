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
      keeper.arguments.resume = -1
    } else if arguments.brainPid > 0 {
      keeper.inheritBrain()
    } else {
      keeper.startBrain()
      keeper.checkInit()
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
    let (pid, control, logs) = (arguments.brainPid, arguments.control, arguments.logs)
    (arguments.brainPid, arguments.control, arguments.logs) = (-1, -1, -1)
    let sockets = [PacketSocket(owning: control), PacketSocket(owning: logs)]
    let pidfd = pup_pidfd_open(pid)
    // It lives, and there is no room for a descriptor of it: two brains would be worse than the other keeper that it starts now.
    if pidfd < 0, pidfd != -ESRCH {
      LastWord.say("pup-keeper: pidfd_open: \(String(cString: pup_error_text(-pidfd)))")
      exit(71)
    }
    hasSupervised = true
    // It has ended since; its sockets are of no use to another one.
    guard pidfd >= 0 else { return startBrain() }
    for descriptor in [control, logs] { _ = pup_set_cloexec(descriptor, true) }
    let brain = Brain(pid: pid, pidfd: pidfd, control: sockets[0], logs: sockets[1], isChild: false, now: Clock.monotonic)
    connect(brain)
  }
}
