internal import Glibc

/// Why a service of systemd has ended, for the command that systemd runs afterwards (`ExecStopPost=`).
package enum StopRequest {
  /// Whether somebody wanted the service to stop. Where Pup itself died instead, systemd starts it again, and that takes the programs over:
  /// they must not be ended then.
  /// - Parameter result: `$SERVICE_RESULT`; nil where systemd is not the caller.
  package static func isMeant(unit: String, isUser: Bool, result: String?) -> Bool {
    switch result {
    // It ended in order, or had to be killed because the stop took too long.
    case nil, "success", "timeout": true
    // It may have been killed while it was stopping.
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
