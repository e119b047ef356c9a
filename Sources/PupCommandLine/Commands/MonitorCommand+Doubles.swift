internal import PupAPI
internal import PupLogs
internal import PupRestClient

extension MonitorCommand.Filter {
  private static let categories: Set<String> = ["starting", "stopping", "finished", "refused"]

  /// Whether the event of a process's new state says the same as this line of Pup's log, and is shown as well. Programs that read JSON get both.
  func isToldTwice(_ event: PupEvent) -> Bool {
    guard case .event(.log(let item), _) = event, item.processId == LogEntry.core, Self.categories.contains(item.category),
      types?.contains(.processStatusChanged) == true, let colon = item.text.firstIndex(of: ":")
    else { return false }
    // "web: starting (cron)", "web: failed: exit code 3"; but not "web: run 3 is over", of a process that goes on in another run.
    let word = item.text[colon...].dropFirst(2).prefix { $0 != " " && $0 != ":" }
    let isState = APIProcessState.allCases.contains { $0.word == word }
    return isState && ids.fits(String(item.text[..<colon]))
  }
}
