internal import PupWeb

struct DaemonAccessLog: AccessLog {
  let daemon: Daemon

  func accessed(_ record: AccessRecord) {
    // What only reads and succeeds is counted, not logged: somebody polls each second. So is what programs report and send all
    // the time.
    guard record.status >= 400 || record.isChange else { return }
    // The operator's own commands stand in the log already, with what came of them.
    guard record.status >= 400 || !record.isLocal || record.consumer?.hasPrefix("cli") != true else { return }
    daemon.ask { $0.accessLog.write(record) }
  }
}
