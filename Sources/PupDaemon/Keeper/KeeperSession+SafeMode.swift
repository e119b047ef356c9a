internal import PupAPI
internal import PupSystem

extension KeeperSession {
  /// As the keeper has told it; nil for a brain that does everything.
  var safeMode: SafeMode? {
    guard let safe = welcome.safeMode else { return nil }
    let ready = readyAt ?? Clock.wallMicroseconds
    return SafeMode(
      since: ISODate(microseconds: safe.since), reason: safe.reason, ends: ISODate(microseconds: ready + safe.trial / 1000))
  }
}
