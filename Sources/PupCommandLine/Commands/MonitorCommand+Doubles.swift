internal import PupAPI
internal import PupRestClient

extension MonitorCommand.Filter {
  /// Whether an event that is shown as well says the same as this line. Programs that read JSON get both.
  func isToldTwice(_ event: PupEvent) -> Bool {
    guard case .event(.log(let item), _) = event, let other = item.event else { return false }
    return types?.contains(other) == true && ids.fits(item.processId)
  }
}
