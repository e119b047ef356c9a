internal import CLinux
internal import Glibc
internal import PupInstance
internal import PupSystem

/// The whole of `pup-supervisor`: started by the keeper with its two sockets.
/// - Parameter prepare: is handed the daemon before its loop runs; what serves clients attaches itself here.
package func supervisorMain(_ words: [String], prepare: (Daemon) -> Void = { _ in }) -> Int32 {
  guard let descriptors = SupervisorArguments(words) else {
    let message = "pup-supervisor is started by 'pup run', not by hand\n"
    _ = write(2, message, message.utf8.count)
    return 64
  }
  signal(SIGPIPE, SIG_IGN)
  // A limit on the length of files (ulimit -f) is an error code, as a full disk is.
  signal(SIGXFSZ, SIG_IGN)
  let variables = ProcessEnvironment.current
  if KeeperRestart.isExpected(variables) { KeeperRestart.endWithKeeper() }
  for descriptor in [descriptors.control, descriptors.logs] {
    _ = pup_set_cloexec(descriptor, true)
    _ = pup_set_nonblocking(descriptor, true)
  }
  do throws(SystemError) {
    let loop = try EventLoop(name: "pup-supervisor")
    let daemon = Daemon(
      loop: loop, control: descriptors.control, logs: descriptors.logs, standby: descriptors.isStandby,
      variables: variables)
    prepare(daemon)
    try loop.run()
    withExtendedLifetime(daemon) {}
    return 0
  } catch {
    LastWord.say("pup-supervisor: \(TerminalText.visibleLine("\(error)"))")
    return error.isShortage ? BrainMessage.shortageExitCode : 71
  }
}
