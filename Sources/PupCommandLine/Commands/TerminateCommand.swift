internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupRestClient
internal import PupSystem

enum TerminateCommand {
  static let specification = CommandSpecification(
    name: "terminate", summary: "Stop every process and Pup itself.", usage: "[--no-wait] [--timeout TIME]",
    description: """
      As Ctrl-C at `pup run`: each process has its own time to end. As a system service Pup is then started again; to stop it for good, ask
      the service manager. What could not be written to disk, and is lost, is said on standard error. Ctrl-C ends the waiting, not the termination.

      Exit codes: 0 Pup has ended, 69 nothing runs here, 75 it has not ended yet.
      """,
    options: Location.options + [
      OptionSpecification("no-wait", help: "return as soon as it is accepted"),
      OptionSpecification("timeout", value: "TIME", help: "wait at most this long: seconds, or 5m, 1h (default: to the end)"),
    ],
    examples: [("pup terminate", "stop everything, and wait for it")],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional("pup terminate ends everything; one process: pup stop NAME")
      try arguments.refuseRest()
      let timeout = try arguments.seconds("timeout", in: 1...86_400)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let instance = try Instance.find(arguments)
        let pidfd = Descriptor(pup_pidfd_open(instance.keeper))
        let answer = try AsyncWork.run { [client = instance.client] () async throws(PupError) in try await client.terminate() }
        if let loss = answer.message { Terminal.complain("pup: \(loss.visibleLine)") }
        if arguments.has("no-wait") {
          Terminal.print("Pup (pid \(instance.keeper)) stops everything\n")
          return 0
        }
        guard wait(for: pidfd, instance.keeper, seconds: timeout) else {
          Terminal.complain("pup: Pup (pid \(instance.keeper)) has not ended after \(timeout ?? 0) s; it is still stopping")
          return CommandFailure.stillPending
        }
        Terminal.print("Pup (pid \(instance.keeper)) has ended\n")
        return 0
      }
    })

  /// A pidfd that could not be had means that it is gone already.
  private static func wait(for pidfd: Descriptor, _ pid: Int32, seconds: Int?) -> Bool {
    guard pidfd.isOpen else { return true }
    let progress = Progress(isShown: Terminal.showsProgress)
    progress.begin(["Pup (pid \(pid))"], "terminate:")
    defer { progress.end() }
    let deadline = seconds.map { Clock.monotonic + Int64($0) * 1_000_000_000 }
    while true {
      var ready = pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0)
      if poll(&ready, 1, 1000) > 0 { return true }
      if let deadline, Clock.monotonic >= deadline { return false }
      HeldKeeper.tell(pid)
      progress.show()
    }
  }
}
