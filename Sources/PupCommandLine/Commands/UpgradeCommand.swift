internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupInstance
internal import PupRestClient
internal import PupSystem

enum UpgradeCommand {
  static let specification = CommandSpecification(
    name: "upgrade", aliases: ["update"], summary: "Hand over to the installed programs, without stopping a process.",
    usage: "[--check]",
    description: """
      A running Pup keeps the programs that it was started with, whatever is installed meanwhile. This changes to those that are installed
      now: the new supervisor has to start beside the old one first; where it cannot, the old one stays, and nothing has happened.

      Exit codes: 0 done (with --check: nothing to do), 1 refused (with --check: other programs are installed), 69 nothing runs here.
      """,
    options: Location.options + [OptionSpecification("check", help: "only say whether other programs are installed")]
      + DownloadOptions.all,
    examples: [("pup upgrade", "after make install"), ("pup upgrade --check", "is there something to do?")],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional()
      try arguments.refuseRest()
      try DownloadOptions.refuse(arguments)
      return CommandFailure.exitCode { () throws(CommandFailure) in
        let instance = try Instance.find(arguments, needsSupervisor: false)
        guard let programs = RunningPrograms(keeper: instance.keeper) else {
          throw CommandFailure(77, "Pup (pid \(instance.keeper)) cannot be examined; run the command as its user, or as root")
        }
        return arguments.has("check") ? check(programs) : try UpgradeWork(instance: instance, programs: programs).run()
      }
    })

  private static func check(_ programs: RunningPrograms) -> Int32 {
    let differences = programs.differences()
    for (name, differs) in differences {
      let word = differs.map { $0 ? "another one is installed" : "as installed" } ?? "cannot be compared"
      Terminal.print("\(name.padded(to: 14))  \(word)\n")
    }
    let isOld = differences.contains { $0.differs != false }
    Terminal.print(
      isOld
        ? "pup upgrade changes to the programs in \(programs.directory)\n"
        : "nothing to do: Pup runs the programs in \(programs.directory)\n")
    return isOld ? CommandFailure.notDone : 0
  }
}

/// One upgrade: asked for by a signal, then followed from outside.
struct UpgradeWork {
  let instance: Instance
  let programs: RunningPrograms

  /// The keeper gives a new supervisor 10 s to greet, and the old one 5 s and 5 s to make way.
  private static let patience: Int64 = 30_000_000_000
  private static let keeperPatience: Int64 = 5_000_000_000
  private static let pause: UInt32 = 20_000

  func run() throws(CommandFailure) -> Int32 {
    let note = RuntimeFiles.namedDirectory(instance.paths).map(RuntimeFiles.upgradeNote(directory:))
    if let note { unlink(note) }
    let old = programs.supervisors
    let pidfd = Descriptor(pup_pidfd_open(programs.keeper))
    guard pidfd.isOpen, pup_pidfd_signal(pidfd.number, SIGUSR2) >= 0 else {
      throw CommandFailure(69, "Pup (pid \(programs.keeper)) could not be asked; it has ended, or belongs to another user")
    }
    let supervisor = try awaitSupervisor(replacing: old, note)
    let version = try AsyncWork.run { [client = instance.client] () async throws(PupError) in try await client.getState().version
    }
    let keeper = awaitKeeper(note)
    Terminal.print("Pup (pid \(programs.keeper)) runs version \(version) now: supervisor \(supervisor), no process was stopped\n")
    if let keeper { Terminal.complain("pup: \(keeper)") }
    return 0
  }

  private func awaitSupervisor(replacing old: [Int32], _ note: String?) throws(CommandFailure) -> Int32 {
    let deadline = Clock.monotonic + Self.patience
    while true {
      let now = programs.supervisors
      if let fresh = now.first(where: { !old.contains($0) }), now.allSatisfy({ !old.contains($0) }) { return fresh }
      if let reason = text(note) { throw CommandFailure(CommandFailure.notDone, "\(reason)") }
      guard RunningPrograms.isAlive(programs.keeper) else { throw CommandFailure(69, "Pup has ended meanwhile") }
      guard Clock.monotonic < deadline else {
        throw CommandFailure(
          CommandFailure.stillPending,
          "no new supervisor is in charge after 30 s; what Pup itself says: its standard error, and pup logs --id core")
      }
      usleep(Self.pause)
    }
  }

  /// The keeper follows the supervisor once that is in charge. Answers why it has not.
  private func awaitKeeper(_ note: String?) -> String? {
    let deadline = Clock.monotonic + Self.keeperPatience
    while Clock.monotonic < deadline {
      if programs.differences().first(where: { $0.name == "pup-keeper" })?.differs != true { return nil }
      if let reason = text(note) { return reason }
      usleep(Self.pause)
    }
    return "the keeper is still the old one; see: pup upgrade --check"
  }

  private func text(_ note: String?) -> String? {
    note.flatMap(RuntimeFiles.text(of:))?.split(separator: "\n").first.map { String($0).visibleLine }
  }
}
