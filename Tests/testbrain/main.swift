internal import Glibc
internal import PupBasics
internal import PupCommandLine
internal import PupDaemon
internal import PupKeeper
internal import PupSystem

// The real supervisor, with an ear for tests. By the name that it is started under it is the keeper (`pup-keeper`) or the command
// (`pup`) as well, and a copy of it that ends with a `LaterMark` is each of them as a later build would be.
//   PUP_TEST_COMMANDS  a FIFO; each line is `NUMBER start|stop|restart|block|unblock|status|hang ID` (`all`, or nothing, means
//                      every process), or `NUMBER await ID STATE`, or `NUMBER hang THREAD`
//   PUP_TEST_ANSWERS   a FIFO or file; each line begins with the number of the command that it answers, or is `started PID`
//   PUP_TEST_ABORT     a file; while it exists, this program aborts at its start

if let mark = LaterMark(in: "/proc/self/exe") { LaterBuild.begin(ahead: mark.ahead, needed: mark.isNeeded) }

switch CommandLine.arguments.first?.split(separator: "/").last {
case "pup-keeper": exit(keeperMain(CommandLine.arguments))
case "pup": exit(PupCommand.run(CommandLine.arguments))
default: break
}

if let file = getenv("PUP_TEST_ABORT"), access(file, F_OK) == 0 { abort() }

exit(
  supervisorMain(CommandLine.arguments) { daemon in
    guard let commands = getenv("PUP_TEST_COMMANDS"), let answers = getenv("PUP_TEST_ANSWERS") else { return }
    let isStandby = SupervisorArguments(CommandLine.arguments)?.isStandby == true
    CommandChannel(daemon, commands: String(cString: commands), answers: String(cString: answers)).open(isStandby: isStandby)
  })
