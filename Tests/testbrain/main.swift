internal import Glibc
internal import PupDaemon

// The real supervisor, with an ear for tests:
//   PUP_TEST_COMMANDS  a FIFO; each line is `NUMBER start|stop|restart|block|unblock|status|hang ID` (`all`, or nothing, means every process),
//                      or `NUMBER await ID STATE`
//   PUP_TEST_ANSWERS   a FIFO or file; each line begins with the number of the command that it answers, or is `started PID`
//   PUP_TEST_ABORT     a file; while it exists, this program aborts at its start

if let file = getenv("PUP_TEST_ABORT"), access(file, F_OK) == 0 { abort() }

exit(
  supervisorMain(CommandLine.arguments) { daemon in
    guard let commands = getenv("PUP_TEST_COMMANDS"), let answers = getenv("PUP_TEST_ANSWERS") else { return }
    CommandChannel(daemon, commands: String(cString: commands), answers: String(cString: answers)).open()
  })
