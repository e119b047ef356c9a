internal import PupAPI
internal import PupCore
internal import PupWeb

struct DaemonMessages: MessageBackend {
  let daemon: Daemon

  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void) {
    daemon.onControl { daemon in
      let id = ProcessID(telemetry.sender)
      guard daemon.supervisor.state(of: id) != nil else {
        return answer(daemon.unknownProcess(telemetry.sender))
      }
      daemon.telemetry[id] = telemetry
      daemon.surface?.publish(.processTelemetry(telemetry), of: id)
      answer(nil)
    }
  }

  func send(_ message: IPCMessage) { daemon.onControl { $0.surface?.publish(.ipc(message)) } }
}
