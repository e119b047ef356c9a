internal import PupInstance
internal import PupService

enum SweepCommand {
  static let specification = CommandSpecification(
    name: "sweep", summary: "Stop programs that were left running by a Pup that is gone.", usage: "[--config FILE]",
    description: """
      When Pup is killed its programs keep running, and the next `pup run` takes them over. `pup sweep` is for those who do not want that:
      it stops them as `pup run` would, SIGTERM first, SIGKILL at each one's own deadline; what they have written since Pup's end is not
      logged. `pup history` shows what was stopped. Where a Pup runs, nothing is done.

      Exit codes: 0 nothing is left, 69 a Pup runs here, 71 something could not be stopped.
      """,
    options: Location.options + [
      OptionSpecification(
        "service", value: "UNIT", help: "run by systemd after this unit: does nothing where Pup died and is started again"),
      OptionSpecification("user", help: "the unit is one of the user's own"),
    ], examples: [("pup sweep --config /srv/app/pup.json", "stop what that Pup left behind")],
    run: { arguments throws(UsageError) in
      try arguments.refusePositional("it stops everything that the Pup of this folder left; name another one with --config FILE")
      do throws(InstanceError) {
        let location = try Location.ofInstance(arguments)
        let unit = arguments.value("service")
        if let unit {
          let result = ProcessEnvironment.current["SERVICE_RESULT"]
          guard StopRequest.isMeant(unit: unit, isUser: arguments.has("user"), result: result) else {
            Terminal.print("\(unit) ended by accident (\(result ?? "")); its programs are left for the next start\n")
            return 0
          }
        }
        if let pid = InstanceLock.runningPid(location.paths) {
          // A Pup that somebody runs by hand, and that kept the service from starting.
          if unit != nil { return 0 }
          throw InstanceError(.unavailable, "Pup is running here (pid \(pid)); stop it with: pup terminate\(location.option)")
        }
        let result = try Sweep(location.paths).run { SweptHistory.record($0, in: location.paths) }
        for line in result.lines { Terminal.print(line + "\n") }
        return result.isClean ? 0 : InstanceError.Kind.system.rawValue
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })
}
