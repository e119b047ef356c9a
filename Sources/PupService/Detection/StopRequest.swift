/// Why a systemd service ended, for the command that systemd runs afterwards (`ExecStopPost=`).
package enum StopRequest {
  /// Whether the service was asked to stop. If Pup itself died instead, systemd
  /// restarts it and the new Pup takes over the programs, so they must not be stopped.
  /// - Parameter result: `$SERVICE_RESULT`; nil if systemd is not the caller.
  package static func isMeant(unit: String, isUser: Bool, result: String?) -> Bool {
    switch result {
    // It ended properly, or had to be killed because the stop took too long.
    case nil, "success", "timeout": true
    // It may have been killed while stopping.
    default: hasStopJob(unit: unit, isUser: isUser)
    }
  }

  private static func hasStopJob(unit: String, isUser: Bool) -> Bool {
    let words = ["systemctl"] + (isUser ? ["--user"] : []) + ["list-jobs", "--no-legend", "--no-pager", "--plain"]
    return containsStop(ServiceCommand.run(words, seconds: 5).output, unit: unit)
  }

  /// - Parameter jobs: lines of "NUMBER UNIT TYPE STATE".
  static func containsStop(_ jobs: String, unit: String) -> Bool {
    jobs.split(separator: "\n").contains { line in
      let fields = line.split(separator: " ", omittingEmptySubsequences: true)
      return fields.count >= 3 && fields[1] == unit && ["stop", "restart", "try-restart"].contains(fields[2])
    }
  }
}
