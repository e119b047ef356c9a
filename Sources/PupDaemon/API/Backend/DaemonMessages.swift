internal import PupAPI
internal import PupCore
internal import PupWeb

struct DaemonMessages: MessageBackend {
  let daemon: Daemon

  func receive(_ telemetry: ProcessTelemetry, answer: @escaping @Sendable (PupError?) -> Void) {
    daemon.ask { brain in
      let id = ProcessID(telemetry.sender)
      guard brain.supervision.core.state(of: id) != nil else {
        return answer(brain.clients.unknownProcess(telemetry.sender))
      }
      brain.listings.note(telemetry, of: id)
      brain.interface.surface?.feed.publish(.processTelemetry(telemetry), of: id)
      answer(nil)
    }
  }

  func send(_ message: IPCMessage) { daemon.ask { $0.interface.surface?.feed.publish(.ipc(message)) } }
}
