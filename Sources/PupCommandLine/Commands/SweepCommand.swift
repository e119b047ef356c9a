internal import PupInstance

enum SweepCommand {
  static let specification = CommandSpecification(
    name: "sweep", summary: "Stop programs that a Pup which is gone left running.", usage: "[--config FILE]",
    description: """
      When Pup is killed its programs keep running, and the next `pup run` takes them over. `pup sweep` is for those who do not want that:
      it stops them as `pup run` would, SIGTERM first, SIGKILL at each one's own deadline; what they have written since Pup's end is not
      logged. Where a Pup runs, nothing is done.

      Exit codes: 0 nothing is left, 69 a Pup runs here, 71 something could not be stopped.
      """,
    options: Location.options, examples: [("pup sweep --config /srv/app/pup.json", "stop what that Pup left behind")],
    run: { arguments throws(UsageError) in
      do throws(InstanceError) {
        let location = try Location(arguments)
        if let pid = InstanceLock.runningPid(location.paths) {
          throw InstanceError(.unavailable, "Pup is running here (pid \(pid)); stop it with: kill \(pid)")
        }
        let result = try Sweep(location.paths).run()
        for line in result.lines { Terminal.print(line + "\n") }
        return result.isClean ? 0 : InstanceError.Kind.system.rawValue
      } catch {
        Terminal.complain("pup: \(error.message)")
        return error.kind.rawValue
      }
    })
}
