internal import PupAPI
internal import PupCore
internal import PupRestClient

extension MonitorCommand.Filter {
  private static let categories: Set<String> = Set(
    [LogCategory.starting, .stopping, .finished, .errored, .exhausted].map(\.rawValue))

  /// Whether the event of a process's new state says the same as this line about it, and is shown as well. Programs that read
  /// JSON get both.
  func isToldTwice(_ event: PupEvent) -> Bool {
    guard case .event(.log(let item), _) = event else { return false }
    if [LogCategory.block.rawValue, LogCategory.unblock.rawValue].contains(item.category) {
      return types?.contains(.processFlagChanged) == true && ids.fits(item.processId)
    }
    guard Self.categories.contains(item.category),
      types?.contains(.processStatusChanged) == true
    else { return false }
    // "starting (cron)", "failed: exit code 3"; but not "run 3 is over", of a process that goes on in another run.
    let word = item.text.prefix { $0 != " " && $0 != ":" }
    return APIProcessState.allCases.contains { $0.word == word } && ids.fits(item.processId)
  }
}
